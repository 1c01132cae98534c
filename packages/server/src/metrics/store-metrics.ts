import type { ConnectionCounts, Durability } from "@acteon/state";
import type { RoundTrips } from "./round-trips.ts";
import { mergeRoundTrips } from "./round-trips.ts";

/** What was asked of a store since start, and how it answered. Plain data, so that it travels between processes. */
export interface StoreMetrics {
  readonly role: "state" | "lock";
  /** As the configuration names it. */
  readonly backend: string;
  readonly durability: Durability;
  /** Of `apply`, answered or not. */
  readonly calls: number;
  readonly groups: number;
  /** Calls without an answer, and scans that broke off, by the code of the error. */
  readonly errors: Readonly<Record<string, number>>;
  /** Of the calls that were answered. */
  readonly roundTrips: RoundTrips;
  /** Absent: it has none. */
  readonly connections: ConnectionCounts | undefined;
}

/** The stores of several processes as if they were one's: all is added, for each process has connections of its own. */
export function mergeStores(all: readonly (readonly StoreMetrics[])[]): readonly StoreMetrics[] {
  const byRole = Map.groupBy(all.flat(), ({ role }) => role);
  return [...byRole.values()].flatMap((stores) => {
    const [first] = stores;
    return first === undefined ? [] : [{ ...first, ...sumsOf(stores) }];
  });
}

function sumsOf(stores: readonly StoreMetrics[]): Omit<StoreMetrics, "role" | "backend" | "durability"> {
  const sum = (read: (store: StoreMetrics) => number): number => stores.reduce((total, each) => total + read(each), 0);
  const kinds = new Set(stores.flatMap(({ errors }) => Object.keys(errors)));
  const pooled = stores.some(({ connections }) => connections !== undefined);
  const connections = (name: keyof ConnectionCounts): number => sum((each) => each.connections?.[name] ?? 0);
  return {
    calls: sum(({ calls }) => calls),
    groups: sum(({ groups }) => groups),
    errors: Object.fromEntries([...kinds].map((kind) => [kind, sum(({ errors }) => errors[kind] ?? 0)])),
    roundTrips: mergeRoundTrips(stores.map(({ roundTrips }) => roundTrips)),
    connections: pooled
      ? {
          open: connections("open"),
          busy: connections("busy"),
          waiting: connections("waiting"),
          max: connections("max"),
        }
      : undefined,
  };
}
