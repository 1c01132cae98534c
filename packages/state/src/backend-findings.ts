import { ActeonError } from "@acteon/core";
import type { Clock } from "@acteon/core";
import type { BackendFinding } from "./state-backend.ts";
import type { Durability } from "./state-store.ts";

/*
 * What every backend on another machine finds in the same way, in the same words (`StateBackend.inspect`).
 */

export function okFinding(subject: string, found: string): BackendFinding {
  return { level: "ok", subject, found };
}

/** What was thrown while `subject` was looked at. */
export function failureFinding(subject: string, error: unknown): BackendFinding {
  const { found, help } = error instanceof ActeonError ? error : { found: String(error), help: undefined };
  return { level: "failure", subject, found, help: help ?? "look at the log of the server, and at [state]" };
}

/** Of a store whose writes most of its servers acknowledge: what one server took goes with it, and of two both are needed. */
export function quorumDurability(servers: number): Durability {
  return servers > 2 ? "strong" : "host";
}

export function quorumFinding(servers: number): BackendFinding {
  const durability = quorumDurability(servers);
  if (durability === "strong")
    return okFinding("durability", `strong: ${servers} servers, and a write is acknowledged by most`);
  const found =
    servers === 2
      ? "two servers, and without either of them nothing is answered"
      : "the server stands alone, and what was acknowledged goes with its disk";
  const help = "run three servers or five, and name them all in state.url";
  return { level: "warning", subject: "durability", found: `${durability}: ${found}`, help };
}

/** Odd, so that there is one in the middle. */
const measuredTrips = 11;
const slowTripMs = 20;

/** @param ask Takes one round trip. */
export async function roundTripFinding(clock: Clock, ask: () => Promise<unknown>): Promise<BackendFinding> {
  const tripsMs: number[] = [];
  for (let i = 0; i < measuredTrips; i++) {
    const askedAtMs = clock.monotonicMs();
    await ask();
    tripsMs.push(clock.monotonicMs() - askedAtMs);
  }
  const medianMs = tripsMs.toSorted((a, b) => a - b)[(measuredTrips - 1) / 2] ?? 0;
  const found = `${medianMs.toFixed(1)} ms (median of ${measuredTrips})`;
  if (medianMs < slowTripMs) return okFinding("round trip", found);
  const help = "run the gateways near the store: an action waits for two or three of them";
  return { level: "warning", subject: "round trip", found, help };
}

/** From here on an operator notices that due times, and what logs say, are off. */
const noticeableStepMs = 1_000;

/** @param aheadMs By how much the server's clock is ahead of this machine's; less than 0: behind. */
export function clockFinding(aheadMs: number): BackendFinding {
  const stepMs = Math.round(Math.abs(aheadMs));
  const found = `the server's clock is ${stepMs} ms ${aheadMs < 0 ? "behind" : "ahead of"} this machine's`;
  if (stepMs < noticeableStepMs) return okFinding("clock", found);
  const help = "let NTP set both: due times go by the clocks of gateways, TTLs by the server's";
  return { level: "warning", subject: "clock", found, help };
}
