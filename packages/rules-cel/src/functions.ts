/** The functions of CEL, by how they are called, and the built-in of the rule engine that each is. */
export const globalFunctions: ReadonlyMap<string, string> = new Map(
  [
    "size int uint double string bool bytes type timestamp duration matches",
    "getFullYear getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear getHours getMinutes getSeconds getMilliseconds",
  ].flatMap((names) => names.split(" ").map((name) => [name, name] as const)),
);

/** `target.name(…)`: the target is the first argument. */
export const methods: ReadonlyMap<string, string> = new Map([
  ...[
    "size contains startsWith endsWith matches",
    "getFullYear getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear getHours getMinutes getSeconds getMilliseconds",
    "charAt indexOf lastIndexOf lowerAscii upperAscii replace split substring trim join format reverse",
    "distinct sort flatten slice first last hasValue",
  ].flatMap((names) => names.split(" ").map((name) => [name, name] as const)),
  ["value", "optionalValue"],
  ["unwrapOpt", "unwrapOptionals"],
]);

/** `namespace.name(…)`, where the first name stands for no value. */
export const namespaced: ReadonlyMap<string, string> = new Map([
  ...[
    "greatest least ceil floor round trunc isNaN isInf isFinite abs sign sqrt",
    "bitAnd bitOr bitXor bitNot bitShiftLeft bitShiftRight",
  ].flatMap((names) => names.split(" ").map((name) => [`math.${name}`, name] as const)),
  ["strings.quote", "quote"],
  ["base64.encode", "base64Encode"],
  ["base64.decode", "base64Decode"],
  ["optional.of", "optionalOf"],
  ["optional.none", "optionalNone"],
  ["optional.ofNonZeroValue", "optionalOfNonZero"],
  ["optional.unwrap", "unwrapOptionals"],
  ["lists.range", "range"],
  ["sets.contains", "setsContains"],
  ["sets.equivalent", "setsEquivalent"],
  ["sets.intersects", "setsIntersects"],
]);

/** Names that are types, as values. */
export const typeNames: ReadonlySet<string> = new Set([
  "int",
  "uint",
  "double",
  "bool",
  "string",
  "bytes",
  "list",
  "map",
  "null_type",
  "type",
  "optional_type",
  "google.protobuf.Timestamp",
  "google.protobuf.Duration",
]);
