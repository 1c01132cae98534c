import type { Backend } from "./subject.ts";

/**
 * The laws that a backend may break: those that the column "not promised" of `guarantees.md` §4 speaks of, and no others.
 * A gap becomes known in `StateSubject.knownGaps`, with its reason, on the backend where it was seen.
 */
export const allowedGaps: Readonly<Record<Backend, readonly string[]>> = {
  // "anything after exit"
  memory: [
    "what was acknowledged is there after a restart",
    "versions do not return over a restart",
    "L2: tokens strictly grow over a restart, and stale ones are refused after it",
  ],
  embedded: [],
  // "restart without `appendfsync always`"
  redis: ["what was acknowledged is there after a restart"],
  // "a failover may forget acknowledged locks and records"
  "redis-sentinel": ["what was acknowledged is there after a restart"],
  "redis-cluster": ["what was acknowledged is there after a restart"],
  // "take-over faster than one lease": a lease is over once its record was seen unchanged for a lease
  dynamodb: ["L6: a lease that is over is free, and its former owner has lost it"],
  postgres: [],
  etcd: [],
  // "records over 1 MiB; reads without sync"
  zookeeper: ["a value of 1.5 MiB comes back as it went in", "what one client wrote, another reads at once"],
};
