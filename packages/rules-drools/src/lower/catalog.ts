import { didYouMean } from "@acteon/rules";
import type { JsonObject } from "@acteon/core";
import { nearest } from "../source.ts";
import type { DrlSource } from "../source.ts";
import type {
  DrlAttribute,
  DrlDeclaration,
  DrlFile,
  DrlFunction,
  DrlQuery,
  DrlRule,
  DrlStatement,
  DrlWindowDeclaration,
} from "../syntax/ast.ts";
import type { TypeName, Word } from "../syntax/ast-expression.ts";
import { refuseNamed } from "../syntax/outside.ts";
import { javaTypes } from "./shape.ts";
import type { DeclaredType } from "./shape.ts";

/** What a file declares, by name. */
export interface Catalog {
  readonly types: ReadonlyMap<string, DeclaredType>;
  readonly queries: ReadonlyMap<string, DrlQuery>;
  readonly functions: ReadonlyMap<string, DrlFunction>;
  readonly windows: ReadonlyMap<string, DrlWindowDeclaration>;
  readonly rules: ReadonlyMap<string, DrlRule>;
  readonly globals: ReadonlySet<string>;
  /** Those in front of the rules, which every rule has that does not say otherwise. */
  readonly attributes: readonly DrlAttribute[];
}

/** The type of the one fact. */
export const actionType = "Action";

/** Names that rules have without a declaration; as globals they may be declared all the same. */
export const implicitNames: readonly string[] = ["action", "state", "env", "data", "time", "now"];

export function readCatalog({ statements }: DrlFile, data: JsonObject, source: DrlSource): Catalog {
  const declarations = byName(ofKind(statements, "declare").map(withSimpleName), "types", source);
  return {
    types: readTypes(declarations, source),
    queries: byName(ofKind(statements, "query"), "queries", source),
    functions: byName(ofKind(statements, "function"), "functions", source),
    windows: byName(ofKind(statements, "window"), "windows", source),
    // Two rules of one name are the engine's affair: other files have rules, too.
    rules: new Map(ofKind(statements, "rule").map((rule) => [rule.name.text, rule])),
    globals: readGlobals(statements, data, source),
    attributes: ofKind(statements, "attribute").map(({ attribute }) => attribute),
  };
}

/** Of `a.b.C` the last name, as patterns call it. */
function withSimpleName(declaration: DrlDeclaration): DrlDeclaration {
  const { name } = declaration;
  return { ...declaration, name: { ...name, text: name.text.slice(name.text.lastIndexOf(".") + 1) } };
}

export function ofKind<K extends DrlStatement["kind"]>(
  statements: readonly DrlStatement[],
  kind: K,
): readonly Extract<DrlStatement, { kind: K }>[] {
  return statements.filter((each): each is Extract<DrlStatement, { kind: K }> => each.kind === kind);
}

function byName<T extends { readonly name: Word }>(
  declared: readonly T[],
  what: string,
  source: DrlSource,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const each of declared) {
    const { text } = each.name;
    const earlier = found.get(text);
    if (earlier === undefined) found.set(text, each);
    else {
      source.error({
        code: "ACT-R004",
        at: each.name,
        summary: `there are two ${what} \`${text}\``,
        related: { at: earlier.name, text: "the other one" },
      });
    }
  }
  return found;
}

function readGlobals(statements: readonly DrlStatement[], data: JsonObject, source: DrlSource): ReadonlySet<string> {
  const known = [...implicitNames, ...Object.keys(data)];
  const globals = ofKind(statements, "global");
  for (const { name } of globals) {
    if (known.includes(name.text)) continue;
    const near = nearest(source, name.text, () => known);
    source.error({
      code: "ACT-R024",
      at: name,
      summary: `there is no configured document \`${name.text}\``,
      label: "a global is `state`, `env` or a document of the configured data",
      ...(near === undefined ? { help: "documents are configured under `rules.data`" } : didYouMean(near)),
    });
  }
  return new Set(globals.map(({ name }) => name.text));
}

/** Longest chain of types of which each extends the next. */
const maxParents = 50;

function readTypes(
  declarations: ReadonlyMap<string, DrlDeclaration>,
  source: DrlSource,
): ReadonlyMap<string, DeclaredType> {
  const types = new Map<string, DeclaredType>();
  const open = new Set<string>();
  const read = (declaration: DrlDeclaration): DeclaredType => {
    const { name } = declaration;
    const done = types.get(name.text);
    if (done !== undefined) return done;
    open.add(name.text);
    const parents = declaration.parents.flatMap((parent) => {
      const other = declarations.get(parent.simple);
      if (other !== undefined && !open.has(parent.simple) && open.size < maxParents) return [read(other)];
      reportParent(parent, open.has(parent.simple), declarations, source);
      return [];
    });
    open.delete(name.text);
    const type = typeOf(declaration, parents, source);
    types.set(name.text, type);
    return type;
  };
  for (const declaration of declarations.values()) {
    if (javaTypes.has(declaration.name.text) || declaration.name.text === actionType) {
      const { name } = declaration;
      source.error({
        code: "ACT-R004",
        at: name,
        summary: `\`${name.text}\` is a type already`,
        help: "use another name",
      });
    }
    read(declaration);
  }
  return types;
}

function reportParent(
  parent: TypeName,
  isCircle: boolean,
  declarations: ReadonlyMap<string, DrlDeclaration>,
  source: DrlSource,
): void {
  if (!isCircle && declarations.has(parent.simple)) {
    source.error({ code: "ACT-R002", at: parent, summary: `more than ${maxParents} types extend each other` });
    return;
  }
  source.error({
    code: "ACT-R024",
    at: parent,
    summary: isCircle ? `\`${parent.text}\` extends itself` : `no type \`${parent.text}\` is declared`,
    ...(!isCircle && didYouMean(nearest(source, parent.text, () => declarations.keys()))),
  });
}

function typeOf(declaration: DrlDeclaration, parents: readonly DeclaredType[], source: DrlSource): DeclaredType {
  const { name, annotations, constants } = declaration;
  const fields = new Map(parents.flatMap((parent) => [...parent.fields]));
  for (const field of declaration.fields) {
    fields.set(field.name.text, field.type.simple);
    if (field.initial !== undefined) {
      const help = "a type describes what is read: a field that is missing is null";
      refuseNamed(source, "the initial value of a field", field.initial, help);
    }
  }
  const named = (annotation: string): string | undefined => {
    const found = annotations.find((each) => each.name.text === annotation);
    const field = found?.value?.replaceAll(/["']/g, "");
    if (found === undefined || field === undefined) return undefined;
    if (fields.has(field)) return field;
    const summary = `\`${name.text}\` has no field \`${field}\``;
    source.error({ code: "ACT-R004", at: found, summary, ...didYouMean(nearest(source, field, () => fields.keys())) });
    return undefined;
  };
  const inherited = <K extends "timestamp" | "duration">(key: K): string | undefined =>
    parents.map((parent) => parent[key]).find((field) => field !== undefined);
  return {
    name: name.text,
    fields,
    constants: new Set(constants.map(({ text }) => text)),
    timestamp: named("timestamp") ?? inherited("timestamp"),
    duration: named("duration") ?? inherited("duration"),
  };
}
