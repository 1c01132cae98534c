import type { JuteReader } from "./jute-reader.ts";
import type { JuteWriter } from "./jute-writer.ts";

/** Request types, as `ZooDefs.OpCode` numbers them. */
export const opCodes = {
  create: 1,
  delete: 2,
  exists: 3,
  getData: 4,
  setData: 5,
  sync: 9,
  ping: 11,
  getChildren2: 12,
  check: 13,
  multi: 14,
  create2: 15,
  removeWatches: 18,
  createContainer: 19,
  auth: 100,
  addWatch: 106,
  closeSession: -11,
} as const;

/** Numbers of replies that answer no request in turn. */
export const specialXids = { notification: -1, ping: -2, auth: -4 } as const;

/** What a server may answer, as `KeeperException.Code` numbers it; those that are told apart or may be met. */
export const errorCodes = {
  ok: 0,
  unimplemented: -6,
  noNode: -101,
  noAuth: -102,
  badVersion: -103,
  nodeExists: -110,
  notEmpty: -111,
  sessionExpired: -112,
  authFailed: -115,
  sessionMoved: -118,
  quotaExceeded: -125,
} as const;

/** How a node is created. */
export const createFlags = { persistent: 0, ephemeral: 1, ephemeralSequential: 3, container: 4 } as const;

/** `delete`, `setData` and `check` of whatever version. */
export const anyVersion = -1;

export interface NodeStat {
  readonly czxid: number;
  readonly mzxid: number;
  /** By the leader's clock, as is every time of a stat. */
  readonly mtimeMs: number;
  readonly version: number;
}

export function readStat(reader: JuteReader): NodeStat {
  const czxid = reader.long();
  const mzxid = reader.long();
  reader.skip(8); // ctime
  const mtimeMs = reader.long();
  const version = reader.int();
  reader.skip(32); // cversion, aversion, owner, data length, number of children, pzxid
  return { czxid, mzxid, mtimeMs, version };
}

export interface AclEntry {
  /** 31: all that there is; 1: read. */
  readonly permissions: number;
  readonly scheme: string;
  readonly id: string;
}

const allPermissions = 31;
export const openAcl: readonly AclEntry[] = [{ permissions: allPermissions, scheme: "world", id: "anyone" }];
/** Only who authenticated as the session that creates the node. */
export const creatorAcl: readonly AclEntry[] = [{ permissions: allPermissions, scheme: "auth", id: "" }];

export function writeAcl(writer: JuteWriter, acl: readonly AclEntry[]): void {
  writer.int(acl.length);
  for (const { permissions, scheme, id } of acl) {
    writer.int(permissions);
    writer.text(scheme);
    writer.text(id);
  }
}
