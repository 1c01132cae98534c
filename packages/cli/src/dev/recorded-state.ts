import type { AuditRecord } from "@acteon/audit";
import type { GatedStatePort, StateAnswer, StateRead } from "@acteon/rules";

/** The store as a recorded action found it: what was read then is answered again, and a gate that refused refuses. */
export function recordedState({ facts, outcome, rule }: AuditRecord): GatedStatePort {
  const answers = new Map(facts.map(([kind, key, answer]) => [`${kind} ${key}`, answer ?? undefined]));
  const refused = outcome.kind === "deduplicated" || outcome.kind === "throttled";
  return {
    read: (reads) => reads.map((read) => answers.get(`${read.kind} ${keyOf(read)}`) ?? unread(read)),
    refuses: (gate) => refused && gate.rule.name === rule?.name,
  };
}

/** As the trail spells it. */
function keyOf(read: StateRead): string {
  if (read.kind === "suppression") return read.rule;
  return read.kind === "count" ? `${read.key}/${read.windowMs}` : read.key;
}

/** What a rule asks today and none asked then. */
function unread({ kind }: StateRead): StateAnswer {
  if (kind === "seen" || kind === "entry") return undefined;
  return kind === "count" ? 1 : 0;
}
