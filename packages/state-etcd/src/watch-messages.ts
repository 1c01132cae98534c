import { readHeaderRevision, readKeyValue } from "./key-value.ts";
import type { KeyValue } from "./key-value.ts";
import { ProtoReader } from "./proto-reader.ts";
import { ProtoWriter } from "./proto-writer.ts";
import type { KeyRange } from "./range-messages.ts";

/** `WatchRequest` that creates a watch of a range, from a revision on, with what stood before. */
export function encodeWatch({ from, to }: KeyRange, startRevision: number): Buffer {
  const writer = new ProtoWriter(2 * from.length + 64);
  writer.bool(6, true); // prev_kv
  writer.int(3, startRevision);
  writer.ascii(2, to);
  writer.ascii(1, from);
  writer.enclose(1, 0); // WatchRequest.create_request
  return writer.finish();
}

/** The same of one key, from now on. */
export function encodeKeyWatch(key: string): Buffer {
  const writer = new ProtoWriter(key.length + 64);
  writer.ascii(1, key);
  writer.enclose(1, 0); // WatchRequest.create_request
  return writer.finish();
}

/** The same of one key, told of its deletion only. */
export function encodeDeletionWatch(key: string, startRevision: number): Buffer {
  const writer = new ProtoWriter(key.length + 64);
  writer.int(5, 0); // filters: NOPUT
  writer.int(3, startRevision);
  writer.ascii(1, key);
  writer.enclose(1, 0); // WatchRequest.create_request
  return writer.finish();
}

export interface WatchReply {
  /** Of the store, as the answer was made. */
  readonly revision: number;
  readonly canceled: boolean;
  /** Above 0: what the watch was to begin with is compacted; this is the first revision that is not. */
  readonly compactRevision: number;
  readonly events: readonly WatchEvent[];
}

export interface WatchEvent {
  readonly kind: "put" | "delete";
  /** Of a deletion only key and revision. */
  readonly entry: KeyValue;
  /** What stood there before, unless that is compacted. */
  readonly before: KeyValue | undefined;
}

/** `WatchResponse`. */
export function decodeWatchReply(reply: Buffer): WatchReply {
  const reader = new ProtoReader(reply);
  let revision = 0;
  let canceled = false;
  let compactRevision = 0;
  const events: WatchEvent[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next())
    if (field === 1) revision = readHeaderRevision(reader);
    else if (field === 4) canceled = reader.int() !== 0;
    else if (field === 5) compactRevision = reader.int();
    else if (field === 11) events.push(readEvent(reader));
    else reader.skip();
  return { revision, canceled, compactRevision, events };
}

/** The reader stands at an `Event` message. */
function readEvent(reader: ProtoReader): WatchEvent {
  const outer = reader.enter();
  let kind: WatchEvent["kind"] = "put";
  let entry: KeyValue = { key: "", createRevision: 0, modRevision: 0, value: Buffer.alloc(0) };
  let before: KeyValue | undefined;
  for (let field = reader.next(); field !== 0; field = reader.next())
    if (field === 1) kind = reader.int() === 1 ? "delete" : "put";
    else if (field === 2) entry = readKeyValue(reader);
    else if (field === 3) before = readKeyValue(reader);
    else reader.skip();
  reader.leave(outer);
  return { kind, entry, before };
}
