import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Clock } from "@acteon/core";
import { EmbeddedStateStore } from "./embedded-state-store.ts";
import { type Host, thisHost } from "./host.ts";
import { asStoreError } from "./sqlite-errors.ts";
import { openTableFile } from "./table.ts";
import { WriterLock } from "./writer-lock.ts";

export interface EmbeddedStateOptions {
  /** The directory of the store, made if it is not there. Other processes of this machine may have it open. */
  readonly path: string;
  /**
   * Does an answer wait until what it rests on would survive a power loss? Without it an answer survives the death of the
   * process; a power loss may undo the last moments, as a whole.
   */
  readonly sync: boolean;
  readonly clock: Clock;
  /** Gives up opening. */
  readonly signal: AbortSignal;
}

/** 16 MiB: what a start has to read is some 200 ms of work, what a replica holds some tens of MiB. */
const defaultGenerationBytes = 1 << 24;

/**
 * @throws {DataTooNewError} The data were written by a newer version.
 * @throws {DataDamagedError} The data are not what was written. Nothing was deleted.
 * @throws {StateUnavailableError} The directory is locked, full, or cannot be written.
 */
export function openEmbeddedState(options: EmbeddedStateOptions): Promise<EmbeddedStateStore> {
  return openStore({ ...options, host: thisHost(), generationBytes: defaultGenerationBytes });
}

export interface StoreOptions extends EmbeddedStateOptions {
  readonly host: Host;
  readonly generationBytes: number;
}

/** The same with what tests change: another machine, smaller generations. */
export async function openStore(options: StoreOptions): Promise<EmbeddedStateStore> {
  const { sync, clock, signal, host, generationBytes } = options;
  signal.throwIfAborted();
  const directory = resolve(options.path);
  makeDirectory(directory);
  await using files = new AsyncDisposableStack();
  const lock = files.adopt(new WriterLock(join(directory, "lock.db")), async (each) => each.close());
  const tableFile = files.adopt(openTableFile(directory), async ({ database }) => database.close());
  const store = new EmbeddedStateStore({ directory, sync, generationBytes, clock, host, lock, tableFile });
  files.move(); // they are the store's from here on
  await started(store, signal);
  return store;
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 }); // payloads lie in it
  } catch (error) {
    throw asStoreError(error, path);
  }
}

async function started(store: EmbeddedStateStore, signal: AbortSignal): Promise<void> {
  const giveUp = (): void => void store[Symbol.asyncDispose]();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    await store.start();
    signal.throwIfAborted();
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
