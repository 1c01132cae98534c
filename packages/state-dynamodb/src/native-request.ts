import type { DeleteItemCommandInput, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import type { OperationResult, StateKey, StateOperation } from "@acteon/state";
import { firstToken } from "./draft.ts";
import type { DraftPorts } from "./draft.ts";
import { forGoodMs, garbageAt, lockGarbageAt, rowOf } from "./row.ts";
import type { Row } from "./row.ts";
import { itemKey, placeOf } from "./table-layout.ts";
import type { Item, Place } from "./table-layout.ts";

/** An operation that DynamoDB can carry out by itself, on an item of which nothing is known, with a result that it tells. */
export interface NativeRequest {
  readonly place: Place;
  readonly request:
    | { readonly kind: "update"; readonly input: UpdateItemCommandInput }
    | { readonly kind: "delete"; readonly input: DeleteItemCommandInput };
  /** @param attributes What was told: the item as it is after an update, as it was before a deletion. */
  result(attributes: Item | undefined): { readonly result: OperationResult; readonly row: Row | undefined };
}

/**
 * The request for an operation that is alone; `undefined` where a draft does as well, because a condition is all that it needs.
 * What does not fit (an item that is over, or in parts, or a refusal) fails with the item, and a draft takes it from there.
 */
export function nativeRequest(operation: StateOperation, table: string, ports: DraftPorts): NativeRequest | undefined {
  if ("fence" in operation && operation.fence !== undefined) return undefined;
  switch (operation.op) {
    case "increment":
      return incrementRequest(operation, table, ports);
    case "append":
      return appendRequest(operation, table, ports);
    case "acquire":
      return acquireRequest(operation, table, ports);
    case "delete":
      return operation.expected === undefined ? deleteRequest(operation, table, ports) : undefined;
    default:
      return undefined;
  }
}

function incrementRequest(
  { key, delta, ttlMs, atMost = Number.MAX_SAFE_INTEGER }: Extract<StateOperation, { op: "increment" }>,
  table: string,
  ports: DraftPorts,
): NativeRequest | undefined {
  // Past the limit with the first hit: a draft refuses it, and says what stands.
  if (delta > atMost) return undefined;
  const { set, values } = growth("v", key, ttlMs, ports);
  return update(placeOf(key), table, {
    set: [...set, "n = if_not_exists(n, :zero) + :delta"],
    condition: "attribute_not_exists(pk) OR (attribute_exists(n) AND x > :now AND n <= :room)",
    values: {
      ...values,
      ":zero": { N: "0" },
      ":delta": { N: String(delta) },
      ":room": { N: String(BigInt(atMost) - BigInt(delta)) },
    },
    result(item) {
      const expiresAtMs = Number(item["x"]?.N);
      const remainingMs = expiresAtMs === forGoodMs ? undefined : expiresAtMs - ports.nowMs;
      return { kind: "counted", count: Number(item["n"]?.N), remainingMs };
    },
  });
}

function appendRequest(
  { key, value, ttlMs, atMost = Number.MAX_SAFE_INTEGER }: Extract<StateOperation, { op: "append" }>,
  table: string,
  ports: DraftPorts,
): NativeRequest | undefined {
  if (atMost < 1 || value.length > maxNativeUnits) return undefined;
  const { set, values } = growth("l", key, ttlMs, ports);
  return update(placeOf(key), table, {
    set: [...set, "l = list_append(if_not_exists(l, :none), :member)"],
    condition: "attribute_not_exists(pk) OR (attribute_exists(l) AND x > :now AND size(l) < :most)",
    values: {
      ...values,
      ":none": { L: [] },
      ":member": { L: [{ S: value }] },
      ":most": { N: String(atMost) },
    },
    result: (item) => ({ kind: "appended", size: item["l"]?.L?.length ?? 0 }),
  });
}

/** What starts an item with its life, and leaves the life of one that is there as it is. */
function growth(type: string, key: StateKey, ttlMs: number | undefined, ports: DraftPorts) {
  const expiresAtMs = ttlMs === undefined ? forGoodMs : ports.nowMs + ttlMs;
  const collapsed = key.text !== key.fullText;
  const set = ["t = :type", "v = :version", "x = if_not_exists(x, :expiry)", "gc = if_not_exists(gc, :garbage)"];
  const values: Item = {
    ":type": { S: type },
    ":version": { S: ports.nextVersion() },
    ":expiry": { N: String(expiresAtMs) },
    ":garbage": { N: garbageAt(expiresAtMs) },
    ":now": { N: String(ports.nowMs) },
  };
  if (collapsed) return { set: [...set, "k = :key"], values: { ...values, ":key": { S: key.fullText } } };
  return { set, values };
}

/** A lock that is free; whether it was kept for its token or is new. */
function acquireRequest(
  { lock, owner, leaseMs, fenced = false }: Extract<StateOperation, { op: "acquire" }>,
  table: string,
  ports: DraftPorts,
): NativeRequest {
  return update(placeOf(lock), table, {
    set: [
      "t = :type",
      "v = :version",
      "n = if_not_exists(n, :last) + :one",
      "o = :owner",
      "d = :lease",
      "gc = :garbage",
      // A name that was fenced once stays so while its token is remembered: a writer may still carry it.
      fenced ? "f = :fenced" : "f = if_not_exists(f, :fenced)",
    ],
    condition: "attribute_not_exists(o)",
    values: {
      ":type": { S: "k" },
      ":version": { S: ports.nextVersion() },
      ":last": { N: String(firstToken(ports.nowMs) - 1n) },
      ":one": { N: "1" },
      ":owner": { S: owner },
      ":lease": { N: String(leaseMs) },
      ":garbage": { N: lockGarbageAt(ports.nowMs) },
      ":fenced": { BOOL: fenced },
    },
    result: (item) => ({ kind: "acquired", token: BigInt(item["n"]?.N ?? 0) }),
  });
}

function update(
  place: Place,
  table: string,
  write: {
    readonly set: readonly string[];
    readonly condition: string;
    readonly values: Item;
    result(item: Item): OperationResult;
  },
): NativeRequest {
  return {
    place,
    request: {
      kind: "update",
      input: {
        TableName: table,
        Key: itemKey(place),
        UpdateExpression: `SET ${write.set.join(", ")}`,
        ConditionExpression: write.condition,
        ExpressionAttributeValues: write.values,
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    },
    result: (item = {}) => ({ result: write.result(item), row: rowOf(item) }),
  };
}

/** Whatever is there, but for what has parts: those go with it. */
function deleteRequest(
  { key }: Extract<StateOperation, { op: "delete" }>,
  table: string,
  { nowMs }: DraftPorts,
): NativeRequest {
  const place = placeOf(key);
  return {
    place,
    request: {
      kind: "delete",
      input: {
        TableName: table,
        Key: itemKey(place),
        ConditionExpression: "attribute_not_exists(p)",
        ReturnValues: "ALL_OLD",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
    },
    result(item) {
      const lived = item !== undefined && Number(item["x"]?.N) > nowMs;
      return { result: { kind: lived ? "deleted" : "absent" }, row: undefined };
    },
  };
}

/** A text of an item of its own. */
const maxNativeUnits = 100_000;
