import type { BackendFinding } from "@acteon/state";
import type { Config } from "../config/config.ts";

/** A store of locks that fewer gateways reach than the state; `undefined`: it is as far as it looks. */
export function lockReachFinding({ state, lock }: Pick<Config, "state" | "lock">): BackendFinding | undefined {
  if (lock?.kind !== "embedded" || state.kind === "embedded" || state.kind === "memory") return undefined;
  return {
    level: "warning",
    subject: "reach",
    found: `locks are of this machine alone, and gateways on others may share the ${state.kind} state`,
    help: "remove lock.backend where there is more than one machine, or name a store that all of them reach",
  };
}
