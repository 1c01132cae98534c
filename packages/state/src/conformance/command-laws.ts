import fc from "fast-check";
import { expect } from "vitest";
import type { StateScope } from "../state-key.ts";
import type { GroupResult, StateStore } from "../state-store.ts";
import { anyGroup } from "./generated-groups.ts";
import type { GroupDraft } from "./generated-groups.ts";
import { scopeOf, valueKey } from "./fixtures.ts";
import { keyNames } from "./generated-groups.ts";
import { applied, law, one } from "./law.ts";
import type { Law, LawContext } from "./law.ts";
import { ModelStore } from "./model-store.ts";

/** Random commands, by two clients in turn, are answered as a model of the contract answers them (T1). */
export const commandLaws: readonly Law[] = [
  law(
    "whatever the commands, the answers are those of the model",
    async (context) => {
      const { store, connect, elapse, randomRuns } = context;
      const clients = [store, await connect()];
      let runs = 0;
      const property = fc.asyncProperty(commandsFor(context), async (commands) => {
        const scope = scopeOf("commands", `run-${runs++}`);
        try {
          await fc.asyncModelRun(() => ({ model: new ModelStore(), real: { clients, scope, elapse } }), commands);
        } finally {
          // The due indexes are of all tenants: the next run is not to find the entries of this one.
          for (const name of keyNames)
            await one(store, { op: "unindexDue", index: "retry", key: valueKey(name, scope) });
        }
      });
      await fc.assert(property, { numRuns: randomRuns, seed: commandSeed });
    },
    { needs: "locks" },
  ),
];

/** The same sequences for every backend and every run, so that what is red once stays so until it is mended. */
const commandSeed = 20_260_101;

/** What the commands of one run work on. */
interface Real {
  readonly clients: readonly StateStore[];
  readonly scope: StateScope;
  readonly elapse: LawContext["elapse"];
}

function commandsFor({ timeStandsStill, ttlMs, leaseMs }: LawContext) {
  const groups = anyGroup({
    ttlsMs: timeStandsStill ? [ttlMs] : [],
    leasesMs: timeStandsStill ? [leaseMs] : [],
  });
  const apply = fc
    .tuple(fc.nat({ max: 1 }), groups)
    .map(([client, group]) => new ApplyCommand(client, group, timeStandsStill));
  const elapse = fc.constantFrom(1, ttlMs / 2, ttlMs, leaseMs).map((ms) => new ElapseCommand(ms));
  // Without virtual time nothing is told to expire, and nobody waits.
  const kinds = timeStandsStill ? [apply, apply, apply, apply, elapse] : [apply];
  return fc.commands<ModelStore, Real, false>(kinds, { maxCommands: 40, size: "max" });
}

class ApplyCommand implements fc.AsyncCommand<ModelStore, Real> {
  readonly #client: number;
  readonly #draft: GroupDraft;
  readonly #exactTime: boolean;
  #sent = "not sent";

  constructor(client: number, draft: GroupDraft, exactTime: boolean) {
    this.#client = client;
    this.#draft = draft;
    this.#exactTime = exactTime;
  }

  check(): boolean {
    return true;
  }

  async run(model: ModelStore, { clients, scope }: Real): Promise<void> {
    const group = this.#draft(scope, model);
    this.#sent = `client ${this.#client}: ${JSON.stringify(group, shortened)}`;
    const [given] = await applied(clients[this.#client] as StateStore, group);
    if (given === undefined) throw new Error("a call of one group had no result");
    const expected = model.expected(group, given);
    expect(comparable(given, this.#exactTime)).toEqual(comparable(expected, this.#exactTime));
  }

  toString(): string {
    return this.#sent;
  }
}

class ElapseCommand implements fc.AsyncCommand<ModelStore, Real> {
  readonly #ms: number;

  constructor(ms: number) {
    this.#ms = ms;
  }

  check(): boolean {
    return true;
  }

  async run(model: ModelStore, { elapse }: Real): Promise<void> {
    await elapse(this.#ms);
    model.nowMs += this.#ms;
  }

  toString(): string {
    return `${this.#ms} ms later`;
  }
}

/** A result without what is not promised: how long a lease lives on, the order of what is due at one time, and, in real time, lives to the ms. */
function comparable(result: GroupResult, exactTime: boolean): unknown {
  const plain = ({ ...answer }: object): object => {
    if (!("kind" in answer)) return answer;
    if (answer.kind === "held") return { kind: "held" };
    if ("entries" in answer && Array.isArray(answer.entries))
      return { ...answer, entries: new Set(answer.entries.map((entry) => JSON.stringify(entry))) };
    if (!exactTime && "remainingMs" in answer) return { ...answer, remainingMs: typeof answer.remainingMs };
    return answer;
  };
  return result.kind === "done"
    ? { kind: "done", results: result.results.map(plain) }
    : { ...result, found: plain(result.found) };
}

/** Keys by their texts. */
function shortened(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  return typeof value === "object" && value !== null && "text" in value ? value.text : value;
}
