import type { Clock } from "@acteon/core";
import { ActeonError } from "@acteon/core";
import { failureFinding } from "@acteon/state";
import type { BackendFinding, Durability, StateBackend } from "@acteon/state";
import type { RemoteStoreConfig, StoreConfig } from "../config/config.ts";
import { backendSettings, loadBackend } from "../wiring/remote-backends.ts";
import { storeAddress } from "../wiring/store-address.ts";
import type { TimeLimit } from "../wiring/time-limit.ts";
import { folderFinding } from "./folder-finding.ts";

export interface StorePorts {
  readonly clock: Clock;
  readonly limit: TimeLimit;
}

/** What there is to say about a store: findings as they come, and at the end its class, if that could be learnt. */
export async function* storeFindings(
  part: "state" | "lock",
  config: StoreConfig,
  ports: StorePorts,
): AsyncGenerator<BackendFinding, Durability | undefined> {
  switch (config.kind) {
    case "memory":
      yield {
        level: "warning",
        subject: "durability",
        found: "kept in this process, and forgotten at exit",
        help: 'for anything but a trial: backend = "embedded", or a store on another machine',
      };
      return "process";
    case "embedded":
      yield await folderFinding(config.path);
      return "host";
    default:
      return yield* remoteFindings(await loadBackend(config.kind, part), config, ports);
  }
}

/** Those of the backend itself, and then whether it opens as it would for a gateway. */
export async function* remoteFindings(
  backend: StateBackend,
  config: RemoteStoreConfig,
  { clock, limit }: StorePorts,
): AsyncGenerator<BackendFinding, Durability | undefined> {
  const settings = backendSettings(config);
  const found: BackendFinding[] = [];
  const warned: BackendFinding[] = [];
  const ports = { clock, signal: limit.signal, warn: (finding: BackendFinding) => void warned.push(finding) };
  yield { level: "ok", subject: "address", found: storeAddress(config) };
  for await (const finding of inTime(backend.inspect(settings, ports), limit)) {
    found.push(finding);
    yield finding;
  }
  if (found.some(({ level }) => level === "failure")) return undefined;
  try {
    await using store = await limit.opened(backend.open(settings, ports));
    yield* warned.filter(({ subject }) => !found.some((each) => each.subject === subject));
    return store.durability;
  } catch (error) {
    // Anything else is a fault of ours, and no finding about the store.
    if (!(error instanceof ActeonError) && !limit.signal.aborted) throw error;
    yield error instanceof ActeonError ? failureFinding("open", error) : unanswered("open");
    return undefined;
  }
}

/** The findings that come in time, and one more if that was not all. */
async function* inTime(findings: AsyncIterable<BackendFinding>, limit: TimeLimit): AsyncGenerator<BackendFinding> {
  try {
    yield* limit.eachWithin(findings);
  } catch (error) {
    if (!limit.signal.aborted) throw error;
    yield unanswered("connection");
  }
}

function unanswered(subject: string): BackendFinding {
  const help = "raise server.startup_ms if the store is only slow";
  return { level: "failure", subject, found: "no answer in time", help };
}
