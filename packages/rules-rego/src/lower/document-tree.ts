import type { RuleHead } from "../syntax/ast.ts";
import { groupOf, nameOf } from "./rule-group.ts";
import type { Clause, RuleGroup } from "./rule-group.ts";
import type { Unit } from "./unit.ts";

/** Most parts of a path: as many levels as a condition may have. */
export const maxPathLength = 100;

/** A place in the tree of packages, documents and functions. */
export interface Place {
  /** Begins with `data`. */
  readonly path: readonly string[];
  /** The document or function that rules make here. */
  readonly group: RuleGroup | undefined;
  readonly below: ReadonlyMap<string, Place>;
}

/** What is found on the way down a path. */
export interface Found {
  readonly place: Place;
  /** How much of the path leads there. */
  readonly length: number;
}

/** The first document or function on the way, else as far as the tree goes. */
export function placeOn(path: readonly string[], root: Place): Found {
  let place = root;
  for (let length = 1; ; length++) {
    const next = place.group === undefined && length < path.length ? place.below.get(path[length]!) : undefined;
    if (next === undefined) return { place, length };
    place = next;
  }
}

/** A place while rules are put there. */
interface Site {
  readonly path: readonly string[];
  readonly clauses: Clause[];
  readonly below: Map<string, Site>;
}

/** Packages and rules by where they lie. What lies too deep is reported, and left out. */
export function documentTree(units: readonly Unit[]): Place {
  const root: Site = siteOf(["data"]);
  for (const unit of units) {
    const { module, findings } = unit;
    if (module.package.length > maxPathLength) {
      findings.error({ code: "ACT-R002", at: module.packageExtent, ...tooLong });
      continue;
    }
    const home = siteBelow(root, module.package);
    for (const rule of module.rules) {
      const { ref } = rule.head;
      if (ref.path.length >= maxPathLength) {
        findings.error({ code: "ACT-R002", at: ref, ...tooLong });
        continue;
      }
      const fixed = fixedPath(rule.head);
      siteBelow(home, fixed).clauses.push({ rule, unit, keys: ref.path.slice(fixed.length - 1) });
    }
  }
  return placeOf(root);
}

export const tooLong = { summary: `a path of more than ${maxPathLength} parts` };

function siteOf(path: readonly string[]): Site {
  return { path, clauses: [], below: new Map() };
}

function siteBelow(above: Site, path: readonly string[]): Site {
  let site = above;
  for (const key of path) {
    const next = site.below.get(key) ?? siteOf([...site.path, key]);
    site.below.set(key, next);
    site = next;
  }
  return site;
}

/** What of a head is always the same: a rule lies there, and what stands behind it are keys. */
export function fixedPath(head: RuleHead): readonly string[] {
  const names: string[] = [nameOf(head)];
  for (const part of head.ref.path) {
    if (part.kind !== "scalar" || typeof part.value !== "string") break;
    names.push(part.value);
  }
  return names;
}

/** Rules below one whose keys are variables are part of its document. */
function placeOf(site: Site): Place {
  const { path, clauses, below } = site;
  if (clauses.some(({ keys }) => keys.length > 0)) {
    return { path, group: groupOf(path, foldedClauses(site)), below: new Map() };
  }
  return {
    path,
    group: clauses.length === 0 ? undefined : groupOf(path, clauses),
    below: new Map([...below].map(([key, each]) => [key, placeOf(each)])),
  };
}

function foldedClauses({ clauses, below }: Site): readonly Clause[] {
  const deeper = [...below].flatMap(([value, site]) =>
    foldedClauses(site).map((clause): Clause => {
      const { start, end } = clause.rule.head;
      return { ...clause, keys: [{ kind: "scalar", value, start, end }, ...clause.keys] };
    }),
  );
  return [...clauses, ...deeper];
}
