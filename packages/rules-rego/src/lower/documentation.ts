import type { JsonObject, JsonValue } from "@acteon/core";
import type { Annotation, RegoModule } from "../syntax/ast.ts";
import { fixedPath } from "./document-tree.ts";
import { isBelow, pathText } from "./path-text.ts";
import type { Scope } from "./scope.ts";
import type { Unit } from "./unit.ts";

/** METADATA, and the file that it stands in. */
export interface Documentation {
  readonly annotation: Annotation;
  readonly unit: Unit;
}

/** METADATA of scope `document`, by the path of the rule that it stands right above. */
export function documentedPaths(units: readonly Unit[]): ReadonlyMap<string, Documentation> {
  const byPath = new Map<string, Documentation>();
  for (const unit of units) {
    for (const [path, annotation] of documentsIn(unit.module)) {
      if (!byPath.has(path)) byPath.set(path, { annotation, unit });
    }
  }
  return byPath;
}

/** Both lists are in the order of the file. */
function documentsIn(module: RegoModule): readonly (readonly [path: string, Annotation])[] {
  const { rules } = module;
  let next = 0;
  return module.annotations.flatMap((annotation) => {
    if (annotation.scope !== "document") return [];
    while (next < rules.length && rules[next]!.start < annotation.end) next++;
    const rule = rules[next];
    return rule === undefined ? [] : [[pathText(["data", ...module.package, ...fixedPath(rule.head)]), annotation]];
  });
}

/** `rego.metadata.rule()`: what the rule says of itself, right above it. */
export function ruleMetadata({ rule }: Scope): JsonObject {
  const own = rule.annotations.at(-1);
  return own === undefined ? {} : shown(own);
}

/** `rego.metadata.chain()`: what is said of the rule, its document and the packages around it, the nearest first. */
export function metadataChain({ rule, unit, lowering }: Scope): JsonValue {
  const { program } = lowering;
  const home = unit.module.package;
  const path = [...home, ...fixedPath(rule.head)];
  const own = rule.annotations.toReversed();
  const document = program.documented.get(pathText(["data", ...path]))?.annotation;
  const packages = program.units
    .flatMap(({ module }) => module.annotations.map((annotation) => ({ annotation, at: module.package })))
    .filter(({ annotation: { scope }, at }) =>
      scope === "subpackages" ? isBelow(home, at) : scope === "package" && pathText(at) === pathText(home),
    )
    .toSorted((a, b) => Number(isPackage(b.annotation)) - Number(isPackage(a.annotation)) || b.at.length - a.at.length);
  return [
    ...(own.length === 0 ? [{ path }] : own.map((each) => ({ annotations: shown(each), path }))),
    ...(document === undefined ? [] : [{ annotations: shown(document), path }]),
    ...packages.map(({ annotation, at }) => ({ annotations: shown(annotation), path: at })),
  ];
}

function isPackage({ scope }: Annotation): boolean {
  return scope === "package";
}

function shown({ scope, fields }: Annotation): JsonObject {
  return { ...fields, scope };
}
