import { systemClock } from "@acteon/core";
import { createFakeClock } from "@acteon/core/testing";
import { serverOrSkip, startEtcd } from "@acteon/test-servers";
import { expect, test } from "vitest";
import { Compactor } from "../src/compactor.ts";
import { EtcdClient } from "../src/etcd-client.ts";
import { decodeRangeReply } from "../src/key-value.ts";
import { encodeRange } from "../src/range-messages.ts";
import { decodeTxn, encodePlainTxn } from "../src/txn-message.ts";

const cluster = serverOrSkip("etcd", startEtcd);

test("what was overwritten more than a minute ago is let go, and what is newer is kept", async () => {
  const address = { endpoints: cluster().endpoints, user: undefined, tls: undefined };
  const client = new EtcdClient({ address, clock: systemClock, callTimeoutMs: 5_000 });
  using _closing = { [Symbol.dispose]: () => client.close() };
  const clock = createFakeClock();
  let latest = 0;
  const refusals: Error[] = [];
  const compactor = new Compactor({
    client,
    clock,
    revision: () => latest,
    onRefused: (error) => refusals.push(error),
  });
  const write = async (): Promise<number> => {
    const txn = { conditions: [], writes: [{ key: "k", value: "v", lease: 0 }], reads: [] };
    ({ revision: latest } = await client.call("KV/Txn", encodePlainTxn(txn), decodeTxn));
    return latest;
  };
  const readAt = (revision: number) =>
    client.call("KV/Range", encodeRange({ from: "k", to: "l" }, { limit: 1, revision }), decodeRangeReply);

  const old = await write();
  const minuteAgo = await write();
  clock.advance(60_000);
  const recent = await write();
  expect((await readAt(old)).entries).toHaveLength(1);
  clock.advance(60_000);
  await expect
    .poll(() =>
      readAt(old).then(
        () => "there",
        () => "gone",
      ),
    )
    .toBe("gone");
  expect((await readAt(minuteAgo)).entries).toHaveLength(1);
  expect((await readAt(recent)).entries).toHaveLength(1);
  clock.advance(180_000); // and once more up to where it is already
  await write();
  compactor.close();
  expect(clock.nextDueMs()).toBeUndefined();
  expect(refusals).toEqual([]);
});
