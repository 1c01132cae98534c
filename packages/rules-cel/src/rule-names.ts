import { suggest } from "@acteon/core";
import type { JsonObject } from "@acteon/core";
import { configuredData, didYouMean, node, timeParts, windowOf } from "@acteon/rules";
import type { Extent } from "@acteon/rules";
import { joinedText } from "./joined-text.ts";
import { unknown } from "./lowering.ts";
import type { CelMember, CelNames, Resolved } from "./names.ts";
import type { CelSource } from "./source.ts";

/**
 * The names that rules have: `action`, `now`, `time.hour` …, `env.NAME`, `data.…` of the configured documents, and the
 * functions of `state`, `env` and `action`.
 */
export function ruleNames(source: CelSource, data: JsonObject): CelNames {
  return {
    known: ["action", "now", "time", "env", "data", "state"],
    members,
    resolve(path, at) {
      const [root, second] = path;
      const span = source.spanOf(at);
      switch (root) {
        case "action":
          return { expr: node({ kind: "action", path: [], missing: "error", span }), count: 1 };
        case "now":
          return { expr: node({ kind: "now", as: "timestamp", span }), count: 1 };
        case "time": {
          const part = timeParts.find((each) => each === second);
          if (part === undefined) return noPart(source, at, path, timeParts);
          return { expr: node({ kind: "time", part, zone: undefined, span }), count: 2 };
        }
        case "env":
          if (second === undefined) return noPart(source, at, path, ["NAME", "health(…)", "circuit_breaker(…)"]);
          return { expr: node({ kind: "env", name: second, missing: "error", span }), count: 2 };
        case "state":
          return noPart(source, at, path, ["seen(…)", "counter(…)", "get(…)", "time_since(…)"]);
        case "data":
          return configuredData(source, data, path, at);
        default:
          return undefined;
      }
    },
  };
}

/** Of a name that is no value, and has no such part. */
function noPart(
  source: CelSource,
  at: Extent,
  [root = "", second]: readonly string[],
  parts: readonly string[],
): Resolved {
  const near = second === undefined ? undefined : suggest(second, parts);
  source.error({
    code: "ACT-R024",
    at,
    summary: second === undefined ? `\`${root}\` is no value by itself` : `\`${root}\` has no \`${second}\``,
    label: "an unknown name",
    ...(near === undefined ? { help: `it has ${parts.join(", ")}` } : didYouMean(`${root}.${near}`)),
  });
  return { expr: unknown(root, source.spanOf(at)), count: second === undefined ? 1 : 2 };
}

const members: ReadonlyMap<string, CelMember> = new Map<string, CelMember>([
  ["action.dedup_key", member(0, 0, (_, span) => node({ kind: "dedupKey", span }))],
  [
    "state.seen",
    member(1, 2, ([key, window], span) =>
      node({ kind: "stateSeen", key: joinedText(key!), window: windowOf(window), span }),
    ),
  ],
  [
    "state.counter",
    member(1, 2, ([key, window], span) =>
      node({ kind: "stateCounter", key: joinedText(key!), window: windowOf(window), span }),
    ),
  ],
  ["state.get", member(1, 1, ([key], span) => node({ kind: "stateEntry", key: joinedText(key!), span }))],
  ["state.time_since", member(1, 1, ([key], span) => node({ kind: "stateTimeSince", key: joinedText(key!), span }))],
  ["env.circuit_breaker is_open()", health("circuitOpen")],
  ["env.health is_open()", health("circuitOpen")],
  ["env.health latency_p99", health("latencyP99")],
  ["env.health failure_rate", health("failureRate")],
]);

function member(least: number, most: number, make: CelMember["make"]): CelMember {
  return { arity: [least, most], make };
}

function health(fact: "circuitOpen" | "latencyP99" | "failureRate"): CelMember {
  return member(1, 1, ([provider], span) => node({ kind: "health", provider: provider!, fact, span }));
}
