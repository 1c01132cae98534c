import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { stat } from "node:fs/promises";

interface Watch {
  /** Of the folder watched: another one may take its place under the same name. */
  readonly inode: number;
  readonly watcher: FSWatcher;
}

/**
 * One watch per folder. It says only that something has changed there; what, is found out by looking: editors rename,
 * replace, truncate and write in bits, and what is told of that differs by platform.
 */
export class FolderWatches {
  readonly #onChange: () => void;
  readonly #watches = new Map<string, Watch>();

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /**
   * Watches these folders and no others. `some`: not each of them can be watched. `more`: a watch is new, and what had
   * changed in its folder before is unseen.
   */
  async follow(folders: readonly string[]): Promise<"all" | "some" | "more"> {
    const wanted = new Set(folders);
    for (const folder of this.#watches.keys()) if (!wanted.has(folder)) this.#drop(folder);
    const states = new Set(await Promise.all(folders.map((folder) => this.#followOne(folder))));
    return states.has("failed") ? "some" : states.has("new") ? "more" : "all";
  }

  async #followOne(folder: string): Promise<"watched" | "new" | "failed"> {
    try {
      const { ino } = await stat(folder);
      if (this.#watches.get(folder)?.inode === ino) return "watched";
      this.#drop(folder);
      const watcher = watch(folder, () => this.#onChange());
      watcher.on("error", () => {
        this.#drop(folder);
        this.#onChange();
      });
      this.#watches.set(folder, { inode: ino, watcher });
      return "new";
    } catch {
      // Gone already, or one more watch than the system allows: the caller looks from time to time instead.
      this.#drop(folder);
      return "failed";
    }
  }

  #drop(folder: string): void {
    this.#watches.get(folder)?.watcher.close();
    this.#watches.delete(folder);
  }

  close(): void {
    for (const folder of this.#watches.keys()) this.#drop(folder);
  }
}
