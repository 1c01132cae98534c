import type { Durability } from "@acteon/state";
import { unreachable } from "@acteon/core";
import type { StoreConfig } from "../config/config.ts";
import type { StorePromise } from "./finding.ts";

/** In the words of guarantees §4, which tells what L1, L2 and L3 are. */
const locks = "one live holder per lock, tokens that only grow, writes under an old token refused (L1-L3)";
/** The gateway takes the locks of actions within its calls, where nobody queues. */
const fifo = "waiters for a lock that the library takes by name are served in their order (fifo)";
const survivors = {
  process: "what is acknowledged holds until the process exits",
  lossy: "what is acknowledged holds while no failover or restart happens",
  host: "what is acknowledged outlives the process",
  strong: "what is acknowledged outlives a node",
} as const satisfies Readonly<Record<Durability, string>>;

/** What a store of this class promises, and what not. */
export function promisesOf(store: StoreConfig, durability: Durability): Pick<StorePromise, "promised" | "notPromised"> {
  return { promised: [survivors[durability], ...promised(store)], notPromised: notPromised(store, durability) };
}

function promised(store: StoreConfig): readonly string[] {
  switch (store.kind) {
    case "memory":
      return ["locks and claims of one process (L1-L9)"];
    case "embedded":
      return [locks, store.sync ? "a reply waits for the disk" : "kill -9 takes nothing that was answered"];
    case "postgres":
    case "redis":
      return [locks];
    case "dynamodb":
      return [locks, "every claim is a conditional write"];
    case "etcd":
      return [locks, fifo, "every write is guarded in its transaction"];
    case "zookeeper":
      return [locks, fifo, "a suspended session ends the guards of those locks"];
    default:
      return unreachable(store);
  }
}

function notPromised(store: StoreConfig, durability: Durability): readonly string[] {
  switch (store.kind) {
    case "memory":
      return ["anything after exit", "a second gateway"];
    case "embedded":
      return ["more than one host", ...(store.sync ? [] : ["the last moments before a power loss"])];
    case "redis":
      return durability === "lossy"
        ? ["a failover may forget acknowledged locks and records: duplicates and losses then"]
        : ["a restart of the server, unless appendfsync is always"];
    case "dynamodb":
      return ["expiry by the table's TTL", "global tables", "take-over of a lock in less than one lease"];
    case "postgres":
      return durability === "strong"
        ? ["promotion of an asynchronous standby"]
        : ["a crash of the server, and promotion of a standby: acknowledged writes may go"];
    case "etcd":
      return ["leases under a second (2 s are the least)", "servers before 3.4.38 and 3.5.23"];
    case "zookeeper":
      return ["records over 1 MiB", "reads without sync"];
    default:
      return unreachable(store);
  }
}
