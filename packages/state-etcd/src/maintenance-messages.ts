import { readHeaderRevision } from "./key-value.ts";
import { ProtoReader } from "./proto-reader.ts";
import { ProtoWriter } from "./proto-writer.ts";

/** `CompactionRequest`. */
export function encodeCompaction(revision: number): Buffer {
  const writer = new ProtoWriter(16);
  writer.int(1, revision);
  return writer.finish();
}

/** `AuthenticateRequest`. */
export function encodeCredentials(name: string, password: string): Buffer {
  const writer = new ProtoWriter();
  writer.text(2, password);
  writer.text(1, name);
  return writer.finish();
}

/** Of `AuthenticateResponse`. */
export function decodeToken(reply: Buffer): string {
  const reader = new ProtoReader(reply);
  let token = "";
  for (let field = reader.next(); field !== 0; field = reader.next())
    if (field === 2) token = reader.text();
    else reader.skip();
  return token;
}

export interface MemberStatus {
  /** Such as `3.5.23`. */
  readonly version: string;
  readonly revision: number;
}

/** `StatusResponse`. */
export function decodeStatus(reply: Buffer): MemberStatus {
  const reader = new ProtoReader(reply);
  let version = "";
  let revision = 0;
  for (let field = reader.next(); field !== 0; field = reader.next())
    if (field === 1) revision = readHeaderRevision(reader);
    else if (field === 2) version = reader.text();
    else reader.skip();
  return { version, revision };
}

/** How many members `MemberListResponse` names. */
export function decodeMemberCount(reply: Buffer): number {
  return countField(reply, 2);
}

/** How many alarms `AlarmResponse` names, as an answer to an `AlarmRequest` without fields, which asks for all. */
export function decodeAlarmCount(reply: Buffer): number {
  return countField(reply, 2);
}

function countField(reply: Buffer, counted: number): number {
  const reader = new ProtoReader(reply);
  let count = 0;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === counted) count++;
    reader.skip();
  }
  return count;
}
