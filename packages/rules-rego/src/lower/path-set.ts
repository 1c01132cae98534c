interface Branch {
  readonly below: Map<string, Branch>;
  isMember: boolean;
}

/** Paths, such as those of documents. */
export class PathSet {
  readonly #root: Branch = { below: new Map(), isMember: false };

  add(path: readonly string[]): void {
    let branch = this.#root;
    for (const key of path) {
      const next = branch.below.get(key) ?? { below: new Map(), isMember: false };
      branch.below.set(key, next);
      branch = next;
    }
    branch.isMember = true;
  }

  /** Is one of them the same path, or one above or below it? */
  touches(path: readonly string[]): boolean {
    let branch = this.#root;
    for (const key of path) {
      if (branch.isMember) return true;
      const next = branch.below.get(key);
      if (next === undefined) return false;
      branch = next;
    }
    return branch.isMember || branch.below.size > 0;
  }
}
