import type { BackendFinding } from "@acteon/state";
import type { Config, StoreConfig } from "../config/config.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { lockReachFinding } from "../wiring/lock-reach.ts";
import { isAtLeast } from "../wiring/state-backends.ts";
import { TimeLimit } from "../wiring/time-limit.ts";
import type { ExaminedPart, Finding, StorePromise } from "./finding.ts";
import type { GatewayPorts } from "./gateway-findings.ts";
import {
  auditFindings,
  authenticationFinding,
  configurationFinding,
  providerFindings,
  ruleFindings,
} from "./gateway-findings.ts";
import { storeFindings } from "./store-findings.ts";
import { promisesOf } from "./store-promises.ts";

export type Examined = ({ readonly kind: "finding" } & Finding) | ({ readonly kind: "promise" } & StorePromise);

/**
 * Looks at everything that a gateway with this configuration rests on, and changes nothing: findings as they come, and
 * for each store what it promises. Asks providers and stores; each store has the time that a start would give it, whatever
 * the others took.
 */
export async function* examine(
  loaded: Extract<LoadedConfig, { kind: "loaded" }>,
  ports: GatewayPorts,
): AsyncGenerator<Examined> {
  const { config } = loaded;
  const names = new Set(config.providers.map(({ name }) => name));
  yield finding("configuration", configurationFinding(loaded));
  yield finding("authentication", await authenticationFinding(config, ports));
  for await (const each of ruleFindings(config.rules, names, ports)) yield finding("rules", each);
  for await (const each of providerFindings(config, ports)) yield finding("providers", each);
  for await (const each of auditFindings(config)) yield finding("audit", each);
  yield* examineStore("state", config.state, config, ports);
  const reach = lockReachFinding(config);
  if (reach !== undefined) yield finding("lock", reach);
  if (config.lock !== undefined) yield* examineStore("lock", config.lock, config, ports);
}

async function* examineStore(
  part: "state" | "lock",
  store: StoreConfig,
  config: Config,
  ports: GatewayPorts,
): AsyncGenerator<Examined> {
  using limit = new TimeLimit(ports.clock, config.server.startupMs);
  const findings = storeFindings(part, store, { ...ports, limit });
  let next = await findings.next();
  for (; next.done !== true; next = await findings.next()) yield finding(part, next.value);
  const durability = next.value;
  if (durability === undefined) return;
  const required = part === "state" ? requiredOf(config) : undefined;
  if (required !== undefined && !isAtLeast(durability, required.class)) {
    yield finding(part, {
      level: "failure",
      subject: "class",
      found: `${required.because} asks for ${required.class}, and this store is of class ${durability}`,
      help: "a gateway would not start: choose a stronger store, or ask for less",
    });
  }
  yield { kind: "promise", part, backend: store.kind, durability, ...promisesOf(store, durability) };
}

/** The weakest class of state that will do, and why. */
function requiredOf({ state, audit }: Config) {
  if (state.require !== undefined)
    return { class: state.require, because: `state.require = "${state.require}"` } as const;
  if (audit.kind !== "off" && audit.mode === "required")
    return { class: "host", because: 'audit.mode = "required"' } as const;
  return undefined;
}

function finding(part: ExaminedPart, found: BackendFinding): Examined {
  return { kind: "finding", part, ...found };
}
