import { DataDamagedError, encodeComponent } from "@acteon/core";
import { parseStateKey } from "./state-key.ts";
import type { StateKey } from "./state-key.ts";

/*
 * How backends without K1's separator lay out the same encoded components (guarantees K4, K5; `design.md` §4). No encoded
 * component contains `/ : # { }`, so each of these separators parts what it should and nothing else.
 * The parsers take what a `to…` function made of a key that is not collapsed; of one that is, the record keeps `fullText`.
 */

/** Sort key and partition key of a DynamoDB item. */
export interface DynamoKeys {
  /** `<namespace>#<tenant>`. */
  readonly partition: string;
  /** `<kind>#<id>…`. */
  readonly sort: string;
}

/** `<prefix>:{<namespace>:<tenant>}:<kind>:<id>…`. The braces are the only hash tag: all keys of a tenant share a slot (K5). */
export function toRedisKey(key: StateKey, prefix: string): string {
  const { kind, namespace, tenant, id } = componentsOf(key);
  return `${redisPrefix(prefix)}${namespace}:${tenant}}:${kind}:${id.join(":")}`;
}

/** @throws {DataDamagedError} `toRedisKey` with this prefix never made this of a key that is not collapsed. */
export function parseRedisKey(text: string, prefix: string): StateKey {
  const [scope = "", kindAndId = ""] = text.slice(redisPrefix(prefix).length).split("}:");
  const key = fromComponents(scope.split(":"), kindAndId.split(":"));
  return madeAs(text, toRedisKey(key, prefix), key);
}

export function toDynamoKeys(key: StateKey): DynamoKeys {
  const { kind, namespace, tenant, id } = componentsOf(key);
  return { partition: `${namespace}#${tenant}`, sort: `${kind}#${id.join("#")}` };
}

/** @throws {DataDamagedError} `toDynamoKeys` never made these of a key that is not collapsed. */
export function parseDynamoKeys({ partition, sort }: DynamoKeys): StateKey {
  const key = fromComponents(partition.split("#"), sort.split("#"));
  const made = toDynamoKeys(key);
  return madeAs(`${partition}\n${sort}`, `${made.partition}\n${made.sort}`, key);
}

/** `/<prefix>/<namespace>/<tenant>/<kind>/<id>`, the components of an id joined by `:`, so that every entry is one node deep. */
export function toZooKeeperPath(key: StateKey, prefix: string): string {
  const { kind, namespace, tenant, id } = componentsOf(key);
  return `/${encodeComponent(prefix)}/${namespace}/${tenant}/${kind}/${id.join(":")}`;
}

/** @throws {DataDamagedError} `toZooKeeperPath` with this prefix never made this of a key that is not collapsed. */
export function parseZooKeeperPath(path: string, prefix: string): StateKey {
  const [, , namespace = "", tenant = "", kind = "", id = ""] = path.split("/");
  const key = fromComponents([namespace, tenant], [kind, ...id.split(":")]);
  return madeAs(path, toZooKeeperPath(key, prefix), key);
}

/** Encoded, so that a prefix of an operator's choice brings neither separator nor hash tag. */
function redisPrefix(prefix: string): string {
  return `${encodeComponent(prefix)}:{`;
}

function componentsOf(key: StateKey) {
  const [, kind, namespace, tenant, ...id] = key.text.split("/");
  return { kind, namespace, tenant, id };
}

function fromComponents(scope: readonly string[], kindAndId: readonly string[]): StateKey {
  const [kind, ...id] = kindAndId;
  return parseStateKey(["v1", kind, ...scope, ...id].join("/"));
}

/** What was cut wrongly, or never was a key of ours, does not come out as it went in. */
function madeAs(text: string, made: string, key: StateKey): StateKey {
  if (made !== text) throw new DataDamagedError("a stored key is not laid out as ours are");
  return key;
}
