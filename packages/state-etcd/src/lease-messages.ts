import { ProtoReader } from "./proto-reader.ts";
import { ProtoWriter } from "./proto-writer.ts";

/** `LeaseGrantRequest`: a lease under an id of our choice. */
export function encodeGrant(id: number, ttlSeconds: number): Buffer {
  const writer = new ProtoWriter(32);
  writer.int(2, id);
  writer.int(1, ttlSeconds);
  return writer.finish();
}

/** The id of `LeaseRevokeRequest` and of `LeaseKeepAliveRequest`. */
export function encodeLeaseId(id: number): Buffer {
  const writer = new ProtoWriter(16);
  writer.int(1, id);
  return writer.finish();
}

export interface LeaseState {
  readonly id: number;
  /** 0: the lease is over, or never was. */
  readonly ttlSeconds: number;
}

/** `LeaseGrantResponse`, `LeaseKeepAliveResponse`. */
export function decodeLease(reply: Buffer): LeaseState {
  const reader = new ProtoReader(reply);
  let id = 0;
  let ttlSeconds = 0;
  for (let field = reader.next(); field !== 0; field = reader.next())
    if (field === 2) id = reader.int();
    else if (field === 3) ttlSeconds = reader.int();
    else reader.skip();
  return { id, ttlSeconds };
}
