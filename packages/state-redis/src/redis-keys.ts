import { encodeComponent } from "@acteon/core";
import { keyKinds } from "@acteon/state";
import type { DueIndex, KeyKind, StateKey, StateScope } from "@acteon/state";

/**
 * Where things lie. A record lies where `toRedisKey` says, its tenant between the only braces (guarantees K5). What a script
 * call needs beside records has to be in the same slot, so in a Cluster each tenant has its own: `…}:clock` and `…}:due:<index>`,
 * which no record is called, since those have a kind and an id. Elsewhere there is one for all tenants.
 */
export class RedisKeys {
  /** Of the keys of a scope: up to the kind. */
  readonly #heads = new WeakMap<StateScope, string>();
  readonly #prefix: string;
  readonly #perScope: boolean;

  constructor(prefix: string, options: { readonly perScope: boolean }) {
    this.#prefix = `${encodeComponent(prefix)}:`;
    this.#perScope = options.perScope;
  }

  record({ kind, scope, text }: StateKey): string {
    const id = text.slice(kind.length + scope.text.length + "v1///".length);
    return `${this.#head(scope)}${kind}:${keyKinds[kind] === 1 ? id : id.replace("/", ":")}`;
  }

  /** The last stamp. */
  clock(scope: StateScope | undefined): string {
    return `${this.#shared(scope)}clock`;
  }

  /** A sorted set of full key texts, by due time. */
  due(index: DueIndex, scope: StateScope | undefined): string {
    return `${this.#shared(scope)}due:${index}`;
  }

  /** A sorted set of the scopes that have a due index of their own, by the time at which that was last said. */
  dueScopes(index: DueIndex): string {
    return `${this.#prefix}due-scopes:${index}`;
  }

  /** A glob that all records of a kind match, of one scope or all. What is encoded contains no character that globs mean. */
  pattern(kind: KeyKind, scope: StateScope | undefined): string {
    return `${scope === undefined ? `${this.#prefix}{*}:` : this.#head(scope)}${kind}:*`;
  }

  #shared(scope: StateScope | undefined): string {
    return this.#perScope && scope !== undefined ? this.#head(scope) : this.#prefix;
  }

  #head(scope: StateScope): string {
    const known = this.#heads.get(scope);
    if (known !== undefined) return known;
    const head = `${this.#prefix}{${scope.text.replace("/", ":")}}:`;
    this.#heads.set(scope, head);
    return head;
  }
}
