import { parseInstant } from "@acteon/core";
import type { Span } from "@acteon/core";
import type { Expr, StateCounter, StateEntry, StateSeen, StateTimeSince } from "../ir/expr.ts";
import { textOf } from "../values/text.ts";
import { Duration, EvalError, isValue, pending } from "../values/value.ts";
import type { Result } from "../values/value.ts";
import { noValueOf } from "./compile-operator.ts";
import type { Compiler, Evaluate } from "./compiler.ts";

/** A text as it is, any other value as a template would have it; null is an error, as what is unrelated would share it. */
export function compileKey(key: Expr, compiler: Compiler): Evaluate {
  const run = compiler.compile(key);
  const noKey = new EvalError("a key that is null", key.span);
  return (frame) => {
    const value = run(frame);
    if (typeof value === "string") return value;
    if (!isValue(value)) return value;
    return value === null ? noKey : textOf(value);
  };
}

/** A duration, as whole milliseconds ≥ 1. */
export function compileWindow(window: Expr, compiler: Compiler): Evaluate {
  const run = compiler.compile(window);
  const noWindow = windowError(window.span);
  return (frame) => {
    const value = run(frame);
    if (value instanceof Duration) return value.ms >= 1 ? value.ms : noWindow;
    return isValue(value) ? noWindow : value;
  };
}

function windowError(span: Span): EvalError {
  return new EvalError("a time that is no duration of a millisecond or more", span);
}

export function compileStateSeen(node: StateSeen, compiler: Compiler): Evaluate {
  const key = compileKey(node.key, compiler);
  const window: Evaluate = node.window === undefined ? () => null : compileWindow(node.window, compiler);
  return (frame) => {
    const id = key(frame);
    const windowMs = window(frame);
    if (typeof id !== "string") return noValueOf(id, windowMs);
    if (!isValue(windowMs)) return windowMs;
    const seenAtMs = frame.ask({ kind: "seen", key: id });
    if (typeof seenAtMs !== "number") return seenAtMs === pending ? pending : false;
    return typeof windowMs !== "number" || frame.environment.nowMs - seenAtMs < windowMs;
  };
}

export function compileStateEntry(node: StateEntry, compiler: Compiler): Evaluate {
  const key = compileKey(node.key, compiler);
  return (frame) => {
    const id = key(frame);
    if (typeof id !== "string") return id;
    const text = frame.ask({ kind: "entry", key: id });
    return typeof text === "string" || text === pending ? text : null;
  };
}

export function compileStateCounter(node: StateCounter, compiler: Compiler): Evaluate {
  const key = compileKey(node.key, compiler);
  if (node.window === undefined) {
    return (frame) => {
      const id = key(frame);
      return typeof id === "string" ? counted(frame.ask({ kind: "counter", key: id })) : id;
    };
  }
  const window = compileWindow(node.window, compiler);
  return (frame) => {
    const id = key(frame);
    const windowMs = window(frame);
    if (typeof id !== "string" || typeof windowMs !== "number") return noValueOf(id, windowMs);
    return counted(frame.ask({ kind: "count", key: id, windowMs }));
  };
}

function counted(answer: string | number | undefined | typeof pending): Result {
  return typeof answer === "number" || answer === pending ? answer : 0;
}

export function compileStateTimeSince(node: StateTimeSince, compiler: Compiler): Evaluate {
  const key = compileKey(node.key, compiler);
  const noInstant = new EvalError("a state entry that holds no RFC 3339 instant", node.span);
  return (frame) => {
    const id = key(frame);
    if (typeof id !== "string") return id;
    const text = frame.ask({ kind: "entry", key: id });
    if (text === pending) return pending;
    if (typeof text !== "string") return null;
    const sinceMs = parseInstant(text);
    return sinceMs === undefined ? noInstant : Duration.ofMs(frame.environment.nowMs - sinceMs);
  };
}
