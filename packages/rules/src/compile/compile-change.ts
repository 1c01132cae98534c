import type { JsonValue } from "@acteon/core";
import type { Mutation } from "../ir/verdict.ts";
import { toJson } from "../values/text.ts";
import { EvalError, isValue } from "../values/value.ts";
import type { NoAnswer } from "../values/value.ts";
import type { Compiler } from "./compiler.ts";
import type { Frame } from "./frame.ts";
import { mergePatch, removePath, renamePath, setPath } from "./mutate-payload.ts";

/** A mutation with its values computed, still to be applied to the payload that the rules before it leave. */
export type PayloadChange = (payload: JsonValue) => JsonValue | EvalError;

export function compileChange(mutation: Mutation, compiler: Compiler): (frame: Frame) => PayloadChange | NoAnswer {
  // Guarantees §8 row 56.
  const intoNoMap = new EvalError("changing a field of something that is no map", mutation.span);
  switch (mutation.op) {
    case "merge": {
      const patch = compiler.compile(mutation.patch);
      return (frame) => {
        const value = patch(frame);
        if (!isValue(value)) return value;
        const json = toJson(value);
        return (payload) => mergePatch(payload, json);
      };
    }
    case "set": {
      const { path } = mutation;
      const run = compiler.compile(mutation.value);
      return (frame) => {
        const value = run(frame);
        if (!isValue(value)) return value;
        const json = toJson(value);
        return (payload) => setPath(payload, path, json) ?? intoNoMap;
      };
    }
    case "remove": {
      const { path } = mutation;
      const change: PayloadChange = (payload) => removePath(payload, path);
      return () => change;
    }
    case "rename": {
      const { path, to } = mutation;
      const change: PayloadChange = (payload) => renamePath(payload, path, to) ?? intoNoMap;
      return () => change;
    }
  }
}
