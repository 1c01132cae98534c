import { AuditUnavailableError, systemClock } from "@acteon/core";
import { createFakeClock } from "@acteon/core/testing";
import { describe, expect, test } from "vitest";
import { decodeAuditBatch } from "./audit-batch.ts";
import type { AuditBatch } from "./audit-batch.ts";
import type { AuditRecord } from "./audit-record.ts";
import { createAuditWriter } from "./audit-writer.ts";
import type { AuditLoss, AuditWriterOptions } from "./audit-writer.ts";
import { exampleRecord, exampleRecords } from "./conformance/example-records.ts";

interface HeldAppend {
  readonly records: readonly AuditRecord[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A store whose answers the test gives, one by one. */
class HeldStore {
  readonly appends: HeldAppend[] = [];

  append(batch: AuditBatch): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.appends.push({ records: decodeAuditBatch(batch), resolve, reject });
    return promise;
  }

  /** The numbers of the records of each append so far. */
  get sizes(): number[] {
    return this.appends.map(({ records }) => records.length);
  }
}

function setUp(options: Partial<AuditWriterOptions> = {}) {
  const clock = createFakeClock();
  const store = new HeldStore();
  const losses: AuditLoss[] = [];
  const writer = createAuditWriter({ store, clock, onLost: (loss) => losses.push(loss), ...options });
  const record = (records: readonly AuditRecord[]) => records.map((one) => writer.record(one, true));
  return { clock, store, losses, writer, record };
}

const away = () => new AuditUnavailableError("away");

describe("batches", () => {
  test("a record waits for others until maxDelayMs, and then all leave together", () => {
    const { clock, store, writer, record } = setUp();
    record(exampleRecords(2));
    clock.advance(39);
    record(exampleRecords(1, () => ({}), 2));
    expect(store.sizes).toEqual([]);
    clock.advance(1);
    expect(store.appends.map(({ records }) => records)).toEqual([exampleRecords(3)]);
    expect(writer.stats).toEqual({ buffered: 3, dropped: 0, written: 0 });
  });

  test("a full batch leaves at once, the rest in its own time", () => {
    const { clock, store, record } = setUp({ maxBatch: 10 });
    record(exampleRecords(25));
    clock.advance(0);
    expect(store.sizes).toEqual([10, 10]);
    store.appends[0]?.resolve();
    clock.advance(40);
    expect(store.sizes).toEqual([10, 10]);
  });

  test("at most two appends are out; the next leaves when one has ended", async () => {
    const { clock, store, record } = setUp({ maxBatch: 10 });
    record(exampleRecords(40));
    clock.advance(0);
    expect(store.sizes).toEqual([10, 10]);
    store.appends[1]?.resolve();
    await clock.advanceAsync(0);
    expect(store.appends.map(({ records }) => records[0])).toEqual([0, 10, 20].map((n) => exampleRecord(n)));
  });

  test("while the store is behind, records wait for a full batch rather than make many small ones", async () => {
    const { clock, store, record } = setUp({ maxBatch: 10 });
    record(exampleRecords(20));
    clock.advance(0);
    record(exampleRecords(3, () => ({}), 20));
    clock.advance(100);
    record(exampleRecords(3, () => ({}), 23));
    clock.advance(20);
    expect(store.sizes).toEqual([10, 10]);
    store.appends[0]?.resolve();
    await clock.advanceAsync(40);
    expect(store.sizes).toEqual([10, 10, 6]);
  });

  test("a turn encodes no more than 1,024 records", () => {
    const { clock, store } = setUp();
    const turns: (() => void)[] = [];
    const writer = createAuditWriter({ store, clock: { ...clock, defer: (run) => turns.push(run) }, maxBatch: 1_024 });
    for (const one of exampleRecords(2_500)) writer.record(one);
    turns.shift()?.();
    expect(store.sizes).toEqual([1_024]);
    expect(turns).toHaveLength(1);
    turns.shift()?.();
    expect(store.sizes).toEqual([1_024, 1_024]);
  });

  test("records larger than a buffer get one of their own", async () => {
    const { clock, store, writer } = setUp();
    const large = exampleRecord(1, { action: { payload: { text: "ü".repeat(3 * 1024 * 1024) } } });
    for (const one of [exampleRecord(0), large, exampleRecord(2)]) writer.record(one);
    const flushed = writer.flush();
    await clock.advanceAsync(0);
    for (const append of store.appends) append.resolve();
    await clock.advanceAsync(0);
    for (const append of store.appends) append.resolve();
    await flushed;
    expect(store.appends.flatMap(({ records }) => records)).toEqual([exampleRecord(0), large, exampleRecord(2)]);
  });

  test("buffers are used again only when the store has answered", async () => {
    const { clock, store, record, writer } = setUp({ maxBatch: 5 });
    record(exampleRecords(10));
    clock.advance(0);
    store.appends[0]?.resolve();
    await clock.advanceAsync(0);
    record(exampleRecords(10, () => ({}), 10));
    const flushed = writer.flush();
    for (let i = 1; i < 4; i++) {
      store.appends[i]?.resolve();
      await clock.advanceAsync(0);
    }
    await flushed;
    expect(store.appends.flatMap(({ records }) => records)).toEqual(exampleRecords(20));
  });
});

describe("durability", () => {
  test("listeners learn the ids of a batch once the store has it", async () => {
    const { clock, store, writer, record } = setUp();
    const durable: (readonly string[])[] = [];
    writer.onDurable((ids) => durable.push(ids));
    const records = exampleRecords(3);
    record(records);
    clock.advance(40);
    expect(durable).toEqual([]);
    store.appends[0]?.resolve();
    await clock.advanceAsync(0);
    expect(durable).toEqual([records.map(({ id }) => id)]);
    expect(writer.stats).toEqual({ buffered: 0, dropped: 0, written: 3 });
  });

  test("what the store could not take is sent again with doubling pauses, and nothing else before", async () => {
    const { clock, store, record, writer } = setUp({ maxBatch: 1 });
    const sent = () => store.appends.splice(0).map(({ records, reject }) => (reject(away()), records[0]));
    record(exampleRecords(3));
    await clock.advanceAsync(0);
    for (const pauseMs of [50, 100, 200]) {
      expect(sent()).toEqual(exampleRecords(2));
      await clock.advanceAsync(pauseMs - 1);
      expect(store.appends).toEqual([]);
      await clock.advanceAsync(1);
    }
    for (let i = 0; i < 3; i++) {
      store.appends[i]?.resolve();
      await clock.advanceAsync(0);
    }
    expect(store.appends.map(({ records }) => records[0])).toEqual(exampleRecords(3));
    expect(writer.stats).toEqual({ buffered: 0, dropped: 0, written: 3 });
  });

  test("of two appends the one that failed goes again before the younger", async () => {
    const { clock, store, record } = setUp({ maxBatch: 1 });
    record(exampleRecords(3));
    await clock.advanceAsync(0);
    store.appends[0]?.reject(away());
    store.appends[1]?.resolve();
    await clock.advanceAsync(50);
    expect(store.appends.map(({ records }) => records[0])).toEqual([0, 1, 0, 2].map((n) => exampleRecord(n)));
  });

  test("a pause is never longer than five seconds", async () => {
    const { clock, store, record } = setUp();
    record(exampleRecords(1));
    await clock.advanceAsync(40);
    for (let i = 0; i < 12; i++) {
      store.appends[i]?.reject(away());
      await clock.advanceAsync(5_000);
      expect(store.appends).toHaveLength(i + 2);
    }
  });

  test("flush ends when all that was recorded before is durable, whatever comes after", async () => {
    const { clock, store, record, writer } = setUp({ maxBatch: 2 });
    let flushed = false;
    record(exampleRecords(4));
    const flush = writer.flush().then(() => (flushed = true));
    record(exampleRecords(2, () => ({}), 4));
    await clock.advanceAsync(0);
    store.appends[1]?.resolve();
    await clock.advanceAsync(0);
    expect(flushed).toBe(false);
    store.appends[0]?.resolve();
    await clock.advanceAsync(0);
    expect(flushed).toBe(true);
    await flush;
  });

  test("flush does not wait for a pause to end, nor longer than maxFlushMs", async () => {
    const { clock, store, record, writer } = setUp({ maxFlushMs: 1_000 });
    record(exampleRecords(1));
    await clock.advanceAsync(40);
    store.appends[0]?.reject(away());
    await clock.advanceAsync(0);
    const flush = writer.flush();
    expect(store.appends).toHaveLength(2);
    await clock.advanceAsync(1_000);
    await flush;
    expect(writer.stats.buffered).toBe(1);
  });

  test("with nothing recorded flush ends at once", async () => {
    const { writer } = setUp();
    await writer.flush();
  });
});

describe("loss (G9, best effort)", () => {
  test("a full buffer refuses, counts, tells once a turn, and takes again when there is room", async () => {
    const { clock, store, losses, writer, record } = setUp({ maxBuffered: 5 });
    expect(record(exampleRecords(8))).toEqual([true, true, true, true, true, false, false, false]);
    expect(writer.stats).toEqual({ buffered: 5, dropped: 3, written: 0 });
    clock.advance(40);
    expect(losses).toEqual([{ records: 3, reason: "full" }]);
    store.appends[0]?.resolve();
    await clock.advanceAsync(0);
    expect(record(exampleRecords(1))).toEqual([true]);
  });

  test("the buffer is also bounded in bytes", () => {
    const { clock, writer, record } = setUp({ maxBufferedBytes: 2_000 });
    record(exampleRecords(10));
    clock.advance(0);
    expect(record(exampleRecords(2))).toEqual([false, false]);
    expect(writer.stats).toMatchObject({ buffered: 10, dropped: 2 });
  });

  test("a fault of the store loses its batch only, and is told with its cause", async () => {
    const { clock, store, losses, writer, record } = setUp({ maxBatch: 2 });
    const fault = new TypeError("our bug");
    record(exampleRecords(4));
    clock.advance(0);
    store.appends[0]?.reject(fault);
    store.appends[1]?.resolve();
    await clock.advanceAsync(0);
    expect(losses).toEqual([{ records: 2, reason: "fault", cause: fault }]);
    expect(writer.stats).toEqual({ buffered: 0, dropped: 2, written: 2 });
  });

  test("a record that is no JSON is lost alone", () => {
    const { clock, store, losses, record } = setUp();
    const payload: Record<string, unknown> = {};
    payload["self"] = payload;
    const [first, second, third] = exampleRecords(3);
    record([first!, { ...second!, action: { ...second!.action, payload: payload as never } }, third!]);
    clock.advance(40);
    expect(losses).toMatchObject([{ records: 1, reason: "fault" }]);
    expect(store.appends.map(({ records }) => records)).toEqual([[first, third]]);
  });

  test("closing flushes; what the store does not take in time is lost and told, and so is what comes later", async () => {
    const { clock, losses, writer, record } = setUp({ maxFlushMs: 200 });
    record(exampleRecords(3));
    const closed = writer[Symbol.asyncDispose]();
    expect(record(exampleRecords(1))).toEqual([false]);
    await clock.advanceAsync(200);
    await closed;
    expect(writer.stats).toEqual({ buffered: 0, dropped: 4, written: 0 });
    expect(losses).toEqual([
      { records: 1, reason: "closed" },
      { records: 3, reason: "closed" },
    ]);
    expect(writer[Symbol.asyncDispose]()).toBe(closed);
    expect(clock.nextDueMs()).toBeUndefined();
  });
});

test("with the real clock a record is in the store without anybody asking", async () => {
  const store = new HeldStore();
  await using writer = createAuditWriter({ store, clock: systemClock, maxDelayMs: 1 });
  const durable = new Promise((resolve) => writer.onDurable(resolve));
  writer.record(exampleRecord(1), true);
  await expect.poll(() => store.sizes).toEqual([1]);
  store.appends[0]?.resolve();
  expect(await durable).toEqual([exampleRecord(1).id]);
});
