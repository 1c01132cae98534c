import type { JsonObject } from "@acteon/core";
import type { RegoModule } from "../syntax/ast.ts";
import { documentedPaths } from "./documentation.ts";
import type { Documentation } from "./documentation.ts";
import { documentTree, placeOn } from "./document-tree.ts";
import type { Place } from "./document-tree.ts";
import { pathText } from "./path-text.ts";
import { nameOf } from "./rule-group.ts";
import type { RuleGroup } from "./rule-group.ts";
import type { Unit } from "./unit.ts";

/** What a name stands for that no body binds. */
export interface Global {
  readonly kind: "input" | "data";
  /** Below the input; of data with `data` itself. */
  readonly path: readonly string[];
}

const none: ReadonlySet<string> = new Set();

/** The files of a program together: every document and function by its path, and the configured data. */
export class Program {
  readonly units: readonly Unit[];
  readonly data: JsonObject;
  /** The place of `data`. */
  readonly documents: Place;
  readonly groups: readonly RuleGroup[];
  readonly documented: ReadonlyMap<string, Documentation>;
  readonly #byLastName: ReadonlyMap<string, readonly RuleGroup[]>;
  /** The names that the rules of a file's package begin with, in whatever file they are. */
  readonly #names: ReadonlyMap<RegoModule, ReadonlySet<string>>;

  constructor(units: readonly Unit[], data: JsonObject) {
    this.units = units;
    this.data = data;
    this.documents = documentTree(units);
    this.groups = groupsAt(this.documents);
    this.documented = documentedPaths(units);
    this.#byLastName = Map.groupBy(this.groups, ({ path }) => path.at(-1)!);
    this.#names = namesOfPackages(units);
  }

  /** What a name stands for in a file, if nothing there binds it. */
  resolve(name: string, unit: Unit): Global | undefined {
    if (name === "input") return { kind: "input", path: [] };
    if (name === "data") return { kind: "data", path: ["data"] };
    if (this.namesOf(unit).has(name)) return { kind: "data", path: ["data", ...unit.module.package, name] };
    const imported = unit.imports.get(name);
    if (imported === undefined) return undefined;
    return imported[0] === "input" ? { kind: "input", path: imported.slice(1) } : { kind: "data", path: imported };
  }

  /** The names that the rules of a file's package begin with. */
  namesOf({ module }: Unit): ReadonlySet<string> {
    return this.#names.get(module) ?? none;
  }

  /** The documents and functions of this name, in whatever package. */
  named(name: string): readonly RuleGroup[] {
    return this.#byLastName.get(name) ?? [];
  }

  /** The function that an operator names: one of the program; `undefined`: a built-in, or there is none. */
  functionAt(operator: readonly string[], unit: Unit): RuleGroup | undefined {
    const [first = "", ...rest] = operator;
    const global = this.resolve(first, unit);
    if (global?.kind !== "data") return undefined;
    const path = [...global.path, ...rest];
    const { place, length } = placeOn(path, this.documents);
    return length === path.length && place.group?.kind === "function" ? place.group : undefined;
  }
}

function groupsAt({ group, below }: Place): readonly RuleGroup[] {
  const deeper = [...below.values()].flatMap(groupsAt);
  return group === undefined ? deeper : [group, ...deeper];
}

function namesOfPackages(units: readonly Unit[]): ReadonlyMap<RegoModule, ReadonlySet<string>> {
  const byModule = new Map<RegoModule, ReadonlySet<string>>();
  for (const together of Map.groupBy(units, ({ module }) => pathText(module.package)).values()) {
    const names = new Set(together.flatMap(({ module }) => module.rules.map(({ head }) => nameOf(head))));
    for (const { module } of together) byModule.set(module, names);
  }
  return byModule;
}
