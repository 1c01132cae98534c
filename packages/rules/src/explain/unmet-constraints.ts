import { isJsonObject } from "@acteon/core";
import type { Action } from "@acteon/core";
import { fieldReader, noMap } from "../compile/compile-action-path.ts";
import type { Constraint } from "../compile/constraints.ts";
import { admits } from "../engine/rule-tree.ts";
import type { TraceResult } from "./explanation.ts";
import type { Secrets } from "./secrets.ts";
import { shownJson, shownList } from "./shown-value.ts";

export type Unmet = Extract<TraceResult, { kind: "notMatched" }>["wanted"];

/** What keeps a rule out of the candidates for an action; empty where it is one. */
export function unmetConstraints(constraints: readonly Constraint[], action: Action, secrets: Secrets): Unmet {
  if (!isJsonObject(action.payload)) return [];
  return constraints.flatMap((constraint) => {
    const { path, values, prefixes } = constraint;
    const value = fieldReader(path)(action);
    if (admits(constraint, value)) return [];
    const wanted = [...values, ...prefixes.map((prefix) => `${prefix}…`)];
    const found = value === noMap || value === undefined ? null : shownJson(path, value, secrets);
    return [{ display: `action.${path.join(".")}`, value: found, wanted: shownList(wanted) }];
  });
}
