import type { JsonObject } from "@acteon/core";
import type { Extent } from "@acteon/rules";

/** A file of Rego, as it is written: nothing is resolved, reordered or renamed. Places are UTF-16 offsets. */
export interface RegoModule {
  /** `data.acteon.rules` is `["acteon", "rules"]`. */
  readonly package: readonly string[];
  readonly packageExtent: Extent;
  readonly imports: readonly RegoImport[];
  /** In source order; those that are chained with `else` are one. */
  readonly rules: readonly RegoRule[];
  /** Of the package, and those of scope `document` and `subpackages`. */
  readonly annotations: readonly Annotation[];
}

/** Not those that change nothing: `import rego.v1`, `import future.keywords…`. */
export interface RegoImport extends Extent {
  /** `["data", "lib", "net"]`, `["input", "user"]`. */
  readonly path: readonly string[];
  /** What it is called in the file: its alias, else the last part of its path. */
  readonly name: string;
  readonly nameExtent: Extent;
}

/** A comment block that begins with `# METADATA`, read as YAML. */
export interface Annotation extends Extent {
  readonly scope: "rule" | "document" | "package" | "subpackages";
  /**
   * The whole block: `title`, `description`, `custom`, `entrypoint` … Each of `authors` is `{ name, email? }`, each of
   * `related_resources` `{ ref, description? }`, however they are written.
   */
  readonly fields: JsonObject;
}

export interface RegoRule extends Extent {
  readonly head: RuleHead;
  readonly isDefault: boolean;
  /** Without one it always holds. */
  readonly body: Body | undefined;
  /** What is tried, in order, where the body has no solution. */
  readonly elses: readonly ElseBranch[];
  /** Those of scope `rule` right above it. */
  readonly annotations: readonly Annotation[];
}

export interface RuleHead extends Extent {
  /** `p`, `p.q[x]`: a variable, then texts (`.q`) and terms (`[x]`). */
  readonly ref: RefTerm;
  /** Of a function. */
  readonly args: readonly Term[] | undefined;
  /** `p contains key`: a member of the set at the reference. */
  readonly key: Term | undefined;
  /** `p := value`; `undefined`: true. */
  readonly value: Term | undefined;
}

export interface ElseBranch extends Extent {
  /** `undefined`: true. */
  readonly value: Term | undefined;
  readonly body: Body | undefined;
}

/** All of them hold. Never empty. */
export type Body = readonly Statement[];

/** What one line of a body says. */
export type Statement = ExprStatement | SomeDeclaration | SomeIn | Every;

interface StatementFields extends Extent {
  readonly with: readonly WithModifier[];
  /** `not …`. */
  readonly negated: boolean;
}

/** A term that is neither false nor undefined; `x := y` and `x = y` are calls of `assign` and `eq`. */
export interface ExprStatement extends StatementFields {
  readonly kind: "expr";
  readonly term: Term;
}

/** `some x, y`. */
export interface SomeDeclaration extends StatementFields {
  readonly kind: "some";
  readonly names: readonly VarTerm[];
}

/** `some value in collection`, `some key, value in collection`. */
export interface SomeIn extends StatementFields {
  readonly kind: "someIn";
  readonly key: Term | undefined;
  readonly value: Term;
  readonly collection: Term;
}

/** `every value in collection { … }`. */
export interface Every extends StatementFields {
  readonly kind: "every";
  readonly key: VarTerm | undefined;
  readonly value: VarTerm;
  readonly collection: Term;
  readonly body: Body;
}

export interface WithModifier extends Extent {
  /** `input.x`, `data.a.b`, a function's name. */
  readonly target: RefTerm | VarTerm;
  readonly value: Term;
}

export type Term =
  | ScalarTerm
  | TemplateTerm
  | VarTerm
  | RefTerm
  | ArrayTerm
  | ObjectTerm
  | SetTerm
  | CallTerm
  | Comprehension
  /** Where something could not be read, which was reported. */
  | HoleTerm;

export interface ScalarTerm extends Extent {
  readonly kind: "scalar";
  /** A whole number beyond 2^53 is a `bigint`; `1.0` is the number 1. */
  readonly value: null | boolean | number | bigint | string;
}

/**
 * `$"… {term with input as x} …"`: texts, and terms, each with its modifiers and never negated, of which one that is
 * undefined prints as `<undefined>`. No text is empty.
 */
export interface TemplateTerm extends Extent {
  readonly kind: "template";
  readonly parts: readonly (string | ExprStatement)[];
}

export interface VarTerm extends Extent {
  readonly kind: "var";
  /** `_` where it is not named. */
  readonly name: string;
}

/** `head.a[b]`: a variable, or any term that can be looked into. The path is not empty. `.a` is the scalar `"a"`. */
export interface RefTerm extends Extent {
  readonly kind: "ref";
  readonly head: Term;
  readonly path: readonly Term[];
}

export interface ArrayTerm extends Extent {
  readonly kind: "array";
  readonly items: readonly Term[];
}

export interface ObjectTerm extends Extent {
  readonly kind: "object";
  readonly entries: readonly (readonly [key: Term, value: Term])[];
}

export interface SetTerm extends Extent {
  readonly kind: "set";
  readonly items: readonly Term[];
}

/**
 * `f(x)`, `data.lib.f(x)`, and operators by the names that OPA gives them: `+ - * / %` are `plus minus mul div rem`, `& |`
 * are `and or`, `== != < <= > >=` are `equal neq lt lte gt gte`, `:=` is `assign`, `=` is `eq`, `in` is
 * `internal.member_2` or, with a key, `internal.member_3`. A minus before a term that is no number is `minus(0, x)`.
 */
export interface CallTerm extends Extent {
  readonly kind: "call";
  /** `["json", "patch"]`. */
  readonly operator: readonly string[];
  readonly operatorExtent: Extent;
  readonly args: readonly Term[];
}

/** `[value | body]`, `{value | body}`, `{key: value | body}`. */
export interface Comprehension extends Extent {
  readonly kind: "comprehension";
  readonly collect: "array" | "set" | "object";
  /** Of an object. */
  readonly key: Term | undefined;
  readonly value: Term;
  readonly body: Body;
}

export interface HoleTerm extends Extent {
  readonly kind: "hole";
}
