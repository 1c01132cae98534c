import { readHeaderRevision, readRangeReply } from "./key-value.ts";
import type { KeyValue } from "./key-value.ts";
import { ProtoReader } from "./proto-reader.ts";
import { ProtoWriter } from "./proto-writer.ts";

/** One of the transactions that travel in one: its writes take effect if all of its conditions hold, else its keys are read. */
export interface NestedTxn {
  readonly conditions: readonly TxnCondition[];
  readonly writes: readonly TxnWrite[];
  /** Read, in this order, if a condition does not hold. */
  readonly reads: readonly string[];
}

export interface TxnCondition {
  readonly key: string;
  readonly result: "equal" | "less";
  /** Of an absent key both are 0. */
  readonly target: "createRevision" | "modRevision";
  readonly value: number;
}

/** `value` absent: the key is deleted. */
export interface TxnWrite {
  readonly key: string;
  readonly value: string | Buffer | undefined;
  /** The lease that the key ends with; 0 for none. */
  readonly lease: number;
}

export interface TxnReply {
  /** Of the whole: the `mod_revision` of everything that it wrote. */
  readonly revision: number;
  readonly outcomes: readonly NestedOutcome[];
}

/** `reads`: what was found under each of the keys, in order; `undefined` where nothing is. */
export type NestedOutcome =
  | { readonly kind: "written" }
  | { readonly kind: "missed"; readonly reads: readonly (KeyValue | undefined)[] };

/** How many operations etcd counts for one of the transactions within (`--max-txn-ops`). */
export function countOperations({ conditions, writes, reads }: NestedTxn): number {
  return Math.max(conditions.length, writes.length, reads.length);
}

/**
 * `TxnRequest` of etcd's v3 API, with each transaction as a request in its success branch: they do not touch each other.
 * @param options.touched A key that is written beside them, empty, if any of them puts something. etcd counts what the outer
 *   transaction writes against its quota and, up to 3.4.23 at least, against the user's permissions, and never looks within.
 */
export function encodeTxn(
  transactions: readonly NestedTxn[],
  { touched, expectedBytes }: { readonly touched: string; readonly expectedBytes: number },
): Buffer {
  const writer = new ProtoWriter(expectedBytes);
  if (transactions.some(({ writes }) => writes.some(({ value }) => value !== undefined))) {
    writeWrite(writer, { key: touched, value: "", lease: 0 });
    writer.enclose(2, 0); // RequestOp.request_put
    writer.enclose(2, 0); // TxnRequest.success
  }
  for (let i = transactions.length - 1; i >= 0; i--) {
    const before = writer.length;
    writeNested(writer, transactions[i] as NestedTxn);
    writer.enclose(4, before); // RequestOp.request_txn
    writer.enclose(2, before); // TxnRequest.success
  }
  return writer.finish();
}

/** `TxnRequest` with nothing within: so etcd looks at the permissions for all that it might do. */
export function encodePlainTxn(transaction: NestedTxn): Buffer {
  const writer = new ProtoWriter();
  writeNested(writer, transaction);
  return writer.finish();
}

function writeNested(writer: ProtoWriter, { conditions, writes, reads }: NestedTxn): void {
  for (let i = reads.length - 1; i >= 0; i--) {
    const before = writer.length;
    writer.ascii(1, reads[i] as string); // RangeRequest.key
    writer.enclose(1, before); // RequestOp.request_range
    writer.enclose(3, before); // TxnRequest.failure
  }
  for (let i = writes.length - 1; i >= 0; i--) {
    const before = writer.length;
    const write = writes[i] as TxnWrite;
    writeWrite(writer, write);
    writer.enclose(write.value === undefined ? 3 : 2, before); // RequestOp.request_delete_range, .request_put
    writer.enclose(2, before); // TxnRequest.success
  }
  for (let i = conditions.length - 1; i >= 0; i--) {
    const before = writer.length;
    writeCondition(writer, conditions[i] as TxnCondition);
    writer.enclose(1, before); // TxnRequest.compare
  }
}

/** `PutRequest`, or `DeleteRangeRequest`. */
function writeWrite(writer: ProtoWriter, { key, value, lease }: TxnWrite): void {
  if (value !== undefined) {
    if (lease !== 0) writer.int(3, lease);
    if (typeof value === "string") writer.text(2, value);
    else writer.bytes(2, value);
  }
  writer.ascii(1, key);
}

/** `Compare`. */
function writeCondition(writer: ProtoWriter, { key, result, target, value }: TxnCondition): void {
  writer.int(target === "createRevision" ? 5 : 6, value);
  writer.ascii(3, key);
  writer.int(2, target === "createRevision" ? 1 : 2);
  if (result === "less") writer.int(1, 2); // EQUAL is 0, and need not be said
}

export function decodeTxn(reply: Buffer): TxnReply {
  const reader = new ProtoReader(reply);
  let revision = 0;
  const outcomes: NestedOutcome[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next())
    if (field === 1) revision = readHeaderRevision(reader);
    else if (field === 3) outcomes.push(readOutcome(reader));
    else reader.skip();
  return { revision, outcomes };
}

/** The reader stands at a `ResponseOp` that holds the `TxnResponse` of a transaction within. */
function readOutcome(reader: ProtoReader): NestedOutcome {
  const outer = reader.enter();
  let succeeded = false;
  const reads: (KeyValue | undefined)[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field !== 4) {
      reader.skip();
      continue;
    }
    const within = reader.enter();
    for (let inner = reader.next(); inner !== 0; inner = reader.next())
      if (inner === 2) succeeded = reader.int() !== 0;
      else if (inner === 3 && !succeeded) reads.push(readRead(reader));
      else reader.skip();
    reader.leave(within);
  }
  reader.leave(outer);
  return succeeded ? written : { kind: "missed", reads };
}

const written = { kind: "written" } as const;

/** The reader stands at a `ResponseOp` that holds a `RangeResponse`. */
function readRead(reader: ProtoReader): KeyValue | undefined {
  const outer = reader.enter();
  let entry: KeyValue | undefined;
  for (let field = reader.next(); field !== 0; field = reader.next())
    if (field === 1) [entry] = readRangeReply(reader).entries;
    else reader.skip();
  reader.leave(outer);
  return entry;
}
