import type { Span } from "@acteon/core";
import { node, windowOf } from "@acteon/rules";
import type { Expr } from "@acteon/rules";
import { keyOf } from "./joined.ts";
import type { Method } from "./methods.ts";

/** `state.…`. */
export const stateFunctions: ReadonlyMap<string, Method> = new Map<string, Method>([
  [
    "seen",
    {
      arity: [1, 2],
      make: ([key, window], span) => node({ kind: "stateSeen", key: keyOf(key!), window: windowOf(window), span }),
    },
  ],
  [
    "counter",
    {
      arity: [1, 2],
      make: ([key, window], span) => node({ kind: "stateCounter", key: keyOf(key!), window: windowOf(window), span }),
    },
  ],
  ["get", { arity: [1, 1], make: ([key], span) => node({ kind: "stateEntry", key: keyOf(key!), span }) }],
  ["timeSince", { arity: [1, 1], make: ([key], span) => node({ kind: "stateTimeSince", key: keyOf(key!), span }) }],
]);

/** `env.health(provider)` and `env.circuitBreaker(provider)`: what they are asked for makes a value of them. */
export const healthRoots: ReadonlySet<string> = new Set(["health", "circuitBreaker"]);

export const healthFacets: ReadonlyMap<string, (provider: Expr, span: Span) => Expr> = new Map([
  ["isOpen", facet("circuitOpen")],
  ["open", facet("circuitOpen")],
  ["latencyP99", facet("latencyP99")],
  ["failureRate", facet("failureRate")],
]);

function facet(fact: "circuitOpen" | "latencyP99" | "failureRate") {
  return (provider: Expr, span: Span): Expr => node({ kind: "health", provider, fact, span });
}
