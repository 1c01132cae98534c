import { ProtoReader } from "./proto-reader.ts";

/** A key as etcd holds it. */
export interface KeyValue {
  readonly key: string;
  /** The revision that wrote it first since it was last absent, and the one that wrote it last. */
  readonly createRevision: number;
  readonly modRevision: number;
  readonly value: Buffer;
}

/** The reader stands at a `KeyValue` message. */
export function readKeyValue(reader: ProtoReader): KeyValue {
  const outer = reader.enter();
  let key = "";
  let createRevision = 0;
  let modRevision = 0;
  let value: Buffer = emptyValue;
  for (let field = reader.next(); field !== 0; field = reader.next())
    if (field === 1) key = reader.text();
    else if (field === 2) createRevision = reader.int();
    else if (field === 3) modRevision = reader.int();
    else if (field === 5) value = reader.bytes();
    else reader.skip();
  reader.leave(outer);
  return { key, createRevision, modRevision, value };
}

const emptyValue = Buffer.alloc(0);

/** The reader stands at a `RangeResponse` message. */
export function readRangeReply(reader: ProtoReader): RangeReply {
  const outer = reader.enter();
  const reply = readRangeFields(reader);
  reader.leave(outer);
  return reply;
}

export interface RangeReply {
  readonly revision: number;
  readonly entries: readonly KeyValue[];
  /** There are more in the range than the limit let through. */
  readonly more: boolean;
}

export function decodeRangeReply(reply: Buffer): RangeReply {
  return readRangeFields(new ProtoReader(reply));
}

function readRangeFields(reader: ProtoReader): RangeReply {
  let revision = 0;
  let more = false;
  const entries: KeyValue[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next())
    if (field === 1) revision = readHeaderRevision(reader);
    else if (field === 2) entries.push(readKeyValue(reader));
    else if (field === 3) more = reader.int() !== 0;
    else reader.skip();
  return { revision, entries, more };
}

/** The reader stands at a `ResponseHeader` message: the revision of the store as the answer was made. */
export function readHeaderRevision(reader: ProtoReader): number {
  const outer = reader.enter();
  let revision = 0;
  for (let field = reader.next(); field !== 0; field = reader.next())
    if (field === 3) revision = reader.int();
    else reader.skip();
  reader.leave(outer);
  return revision;
}
