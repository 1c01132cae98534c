import type { Gate, StateAnswer } from "@acteon/rules";
import type { OperationResult, StateGroup } from "@acteon/state";
import type { Dispatch } from "../dispatch.ts";
import { keyedGates } from "../gates.ts";
import type { Ports, Step } from "../ports.ts";
import { answerOf, readKey } from "./open.ts";
import { follow } from "./plan.ts";
import { silence } from "./silence.ts";

/** A dry run: the same rules over plain reads, gates answered by `get`; no lock, no write (`design.md` §9, 1). */
export function preview(dispatch: Dispatch, ports: Ports): Step {
  const { round, decision } = dispatch;
  if (round?.kind === "reads") {
    dispatch.round = undefined;
    const { reads } = round;
    return look(
      dispatch,
      ports,
      reads.map((read) => [{ op: "get", key: readKey(dispatch, ports, read) }]),
      (results) => {
        const answers = results.map((result, i): StateAnswer => {
          const read = reads[i] as (typeof reads)[number];
          const value = answerOf(read, result);
          return read.kind === "count" ? Number(value) + 1 : value; // as if this action had been counted
        });
        return follow(dispatch, ports, round.resume(answers));
      },
    );
  }
  const gates = decision?.end.kind === "execute" ? keyedGates(dispatch, ports) : [];
  return look(
    dispatch,
    ports,
    gates.map(({ key }) => [{ op: "get", key }]),
    (results) => {
      const refusing = gates.findIndex(({ gate }, i) => refuses(gate, results[i] as OperationResult));
      const gate = gates[refusing]?.gate;
      if (gate !== undefined) {
        dispatch.verdict = gate.kind;
        dispatch.rule = gate.rule;
      }
      const { verdict, rule } = dispatch;
      const provider = dispatch.provider?.name ?? dispatch.action.provider;
      dispatch.outcome = { kind: "dryRun", verdict, rule: rule?.name, provider };
      return "report";
    },
  );
}

function look(
  dispatch: Dispatch,
  ports: Ports,
  groups: readonly StateGroup[],
  then: (results: readonly OperationResult[]) => Step,
): Step {
  if (groups.length === 0) return then([]);
  const results: OperationResult[] = Array.from({ length: groups.length });
  let missing = groups.length;
  let silent = false;
  for (const [i, group] of groups.entries()) {
    ports.queue.push(group, dispatch, (_, result) => {
      if (result?.kind === "done") results[i] = result.results[0] as OperationResult;
      else silent = true;
      if (--missing === 0) ports.advance(dispatch, silent ? silence(dispatch, ports) : then(results));
    });
  }
  return "wait";
}

function refuses(gate: Gate, found: OperationResult): boolean {
  if (found.kind !== "found") return false;
  return gate.kind === "deduplicate" || Number(found.value) >= gate.limit;
}
