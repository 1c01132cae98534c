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

/** `DeleteRangeRequest`. */
export function encodeDeleteRange({ from, to }: KeyRange): Buffer {
  const writer = new ProtoWriter(2 * from.length + 64);
  writer.ascii(2, to);
  writer.ascii(1, from);
  return writer.finish();
}
