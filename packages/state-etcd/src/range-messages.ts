import { ProtoWriter } from "./proto-writer.ts";

export interface KeyRange {
  readonly from: string;
  /** Not included. */
  readonly to: string;
}

/** `RangeRequest`, in the order of keys. @param options.revision 0: the latest. */
export function encodeRange(
  { from, to }: KeyRange,
  options: { readonly limit: number; readonly revision: number },
): Buffer {
  const writer = new ProtoWriter(2 * from.length + 64);
  writer.int(4, options.revision);
  writer.int(3, options.limit);
  writer.ascii(2, to);
  writer.ascii(1, from);
  return writer.finish();
}

/** `RangeRequest` for the youngest key of a range that is older than a revision: the one that was created before. */
export function encodeYoungestBefore({ from, to }: KeyRange, createRevision: number): Buffer {
  const writer = new ProtoWriter(2 * from.length + 64);
  writer.int(13, createRevision - 1); // max_create_revision
  writer.int(6, 2); // sort_target: CREATE
  writer.int(5, 2); // sort_order: DESCEND
  writer.int(3, 1);
  writer.ascii(2, to);
  writer.ascii(1, from);
  return writer.finish();
}

/** `RangeRequest` and `DeleteRangeRequest` of one key. */
export function encodeKey(key: string): Buffer {
  const writer = new ProtoWriter(key.length + 16);
  writer.ascii(1, key);
  return writer.finish();
}
