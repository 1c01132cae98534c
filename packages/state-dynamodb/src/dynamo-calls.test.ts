import { ConditionalCheckFailedException, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { StateUnavailableError } from "@acteon/core";
import { createFakeClock, createSeededRandom } from "@acteon/core/testing";
import { describe, expect, test } from "vitest";
import { DynamoCalls } from "./dynamo-calls.ts";

const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
const refusedConnection = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
const canceled = new TransactionCanceledException({
  message: "no",
  $metadata: {},
  CancellationReasons: [{ Code: "ConditionalCheckFailed" }],
});
const conditionFailed = new ConditionalCheckFailedException({ message: "no", $metadata: {} });

/** A client whose answers are these, one after the other; the last again and again. */
function openBench(answers: readonly unknown[], { maxConnections = 4 } = {}) {
  const clock = createFakeClock();
  const sent: unknown[] = [];
  const client = {
    async send(command: { readonly input: unknown }) {
      const answer = answers[Math.min(sent.length, answers.length - 1)];
      sent.push(command.input);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    destroy() {},
  };
  const calls = new DynamoCalls({
    client: client as ConstructorParameters<typeof DynamoCalls>[0]["client"],
    table: "acteon_state",
    where: "the server of this test",
    clock,
    random: createSeededRandom(1),
    maxConnections,
    callTimeoutMs: 5_000,
  });
  /** Lets time pass until it is settled. */
  const settled = async <T>(promise: Promise<T>): Promise<T> => {
    let waiting = true;
    const outcome = promise.finally(() => (waiting = false));
    outcome.catch(() => {});
    while (waiting) await clock.advanceAsync(50);
    return outcome;
  };
  const writeTogether = () => settled(calls.inTurn((turn) => calls.writeTogether([], turn)));
  const put = () => settled(calls.inTurn((turn) => calls.put({ TableName: "acteon_state", Item: {} }, turn)));
  return { calls, sent, settled, writeTogether, put };
}

describe("an answer that is lost", () => {
  test("of a transaction is asked for again, with the token of the first time", async () => {
    const { sent, writeTogether } = openBench([reset, reset, { $metadata: {} }]);
    expect(await writeTogether()).toMatchObject({ kind: "written" });
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map((input) => (input as { ClientRequestToken: string }).ClientRequestToken)).size).toBe(1);
  });

  test("and then a refusal is no answer: the first sending may still be on its way", async () => {
    const { writeTogether } = openBench([reset, canceled]);
    await expect(writeTogether()).rejects.toThrow(/did not answer \(ECONNRESET\)/);
  });

  test("again and again is the end of it", async () => {
    const { sent, writeTogether } = openBench([reset]);
    await expect(writeTogether()).rejects.toThrow(StateUnavailableError);
    expect(sent).toHaveLength(4);
  });

  test("of a write to one item is not asked for again", async () => {
    const { sent, put } = openBench([reset, { $metadata: {} }]);
    await expect(put()).rejects.toThrow(StateUnavailableError);
    expect(sent).toHaveLength(1);
  });
});

test("a server that takes no connection is told at once", async () => {
  const { sent, writeTogether } = openBench([refusedConnection]);
  await expect(writeTogether()).rejects.toThrow(/cannot be reached/);
  expect(sent).toHaveLength(1);
});

test("a condition that does not hold is an answer", async () => {
  expect(await openBench([canceled]).writeTogether()).toMatchObject({ kind: "refused" });
  expect(await openBench([conditionFailed]).put()).toMatchObject({ kind: "refused" });
});

test("keys that were left unread are asked for again, until there are none", async () => {
  const key = (name: string) => ({ pk: { S: "p" }, sk: { S: name } });
  const { calls, sent, settled } = openBench([
    {
      Responses: { acteon_state: [key("a")] },
      UnprocessedKeys: { acteon_state: { Keys: [key("b")] } },
    },
    { Responses: { acteon_state: [key("b")] } },
  ]);
  const items = await settled(calls.inTurn((turn) => calls.read([key("a"), key("b")], turn)));
  expect([...items.keys()]).toEqual(["p\na", "p\nb"]);
  expect(sent).toHaveLength(2);
});

test("so many requests at a time are under way, and the others wait (O1)", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { calls, settled } = openBench([promise.then(() => ({ $metadata: {} }))], { maxConnections: 2 });
  const all = calls.inTurn((turn) => Promise.all(Array.from({ length: 5 }, () => calls.writeTogether([], turn))));
  expect(calls.connections).toEqual({ open: 2, busy: 2, waiting: 3, max: 2 });
  resolve();
  await settled(all);
  expect(calls.connections).toEqual({ open: 2, busy: 0, waiting: 0, max: 2 });
});

test("what waits when the store is closed ends as unanswered", async () => {
  const { calls } = openBench([new Promise(() => {})], { maxConnections: 1 });
  const waiting = calls.inTurn((turn) =>
    Promise.all([calls.writeTogether([], turn).catch(() => undefined), calls.writeTogether([], turn)]),
  );
  calls.close();
  await expect(waiting).rejects.toThrow(/closed/);
  await expect(calls.inTurn(() => Promise.resolve())).rejects.toThrow(StateUnavailableError);
});
