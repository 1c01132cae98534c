/** What is known of a value besides that it is one: which fields it may be asked for. */
export type Shape =
  /** Whatever a payload may hold; any name may be a field of it. */
  | { readonly kind: "any" }
  | { readonly kind: "action" | "list" | "text" | "number" }
  | { readonly kind: "declared"; readonly type: DeclaredType }
  /** What `collect` finds in a window: it can be counted, and the value is the count. */
  | { readonly kind: "counted" };

/** A type that `declare` describes, with what it inherits. */
export interface DeclaredType {
  readonly name: string;
  /** In the order of their places, with the names of their types. */
  readonly fields: ReadonlyMap<string, string>;
  /** Of an enum. */
  readonly constants: ReadonlySet<string>;
  /** Of an event: the fields that say when it began, and how long it took. */
  readonly timestamp: string | undefined;
  readonly duration: string | undefined;
}

export const anyShape: Shape = { kind: "any" };

/** Types of Java that are told apart by what JSON has, and what the evaluator calls that. */
interface JavaType {
  readonly shape: Shape;
  /** None: anything is of this type. */
  readonly types: readonly string[];
}

const whole: JavaType = { shape: { kind: "number" }, types: ["int"] };
const number: JavaType = { shape: { kind: "number" }, types: ["int", "double"] };
const list: JavaType = { shape: { kind: "list" }, types: ["list"] };
const map: JavaType = { shape: anyShape, types: ["map"] };

/** By simple name. */
export const javaTypes: ReadonlyMap<string, JavaType> = new Map([
  ["Object", { shape: anyShape, types: [] }],
  ["String", { shape: { kind: "text" }, types: ["string"] }],
  ["Boolean", { shape: anyShape, types: ["bool"] }],
  ...["Integer", "Long", "Short", "BigInteger"].map((name) => [name, whole] as const),
  ...["Number", "Double", "Float", "BigDecimal"].map((name) => [name, number] as const),
  ...["List", "ArrayList", "LinkedList", "Collection", "Iterable", "Set", "HashSet"].map(
    (name) => [name, list] as const,
  ),
  ...["Map", "HashMap", "LinkedHashMap"].map((name) => [name, map] as const),
]);

export const listTypes: ReadonlySet<string> = new Set(
  [...javaTypes].flatMap(([name, type]) => (type === list || name === "Object" ? [name] : [])),
);
