import { DataDamagedError, decodeComponent, digest, encodeComponent } from "@acteon/core";
import type { Namespace, TenantId } from "@acteon/core";
import { textHash } from "./text-hash.ts";

/**
 * Every kind of entry, with the number of components of its id (guarantees K1). The letters are those of `design.md` §9.
 * A list here is the only place where a kind is added.
 */
export const keyKinds = {
  /** L: lock of an identity: action id, discriminator. */
  lock: 2,
  /** E: record of an unfinished execution of an identity: action id, discriminator. */
  execution: 2,
  /** D: dedup key. */
  dedup: 1,
  /** I: `Idempotency-Key`. */
  idempotency: 1,
  /** C: counter of a rule: name of the counter, window in ms (absent for one without). */
  counter: 2,
  /** C: throttle counter of a rule. */
  throttle: 1,
  /** A: outcome not yet in the audit trail: execution id. */
  pending_audit: 1,
  /** A dead letter: its id, the execution's. */
  dead_letter: 1,
  /** Parked work: execution id. */
  parked: 1,
  /** Entries that rules read by `state.get`, `state_seen`. */
  state: 1,
  /** Mark of a `suppress` that has a duration: rule name. */
  suppression: 1,
  /** A lock that is no action's identity: its name. */
  named_lock: 1,
} as const;

export type KeyKind = keyof typeof keyKinds;

/** The components of an id of that kind. An absent component and an empty one are two keys. */
export type KeyId<Kind extends KeyKind = KeyKind> = (typeof keyKinds)[Kind] extends 2
  ? readonly [string | undefined, string | undefined]
  : readonly [string | undefined];

/** A namespace and tenant, with their encoded form made once. Whoever holds one is limited to it (guarantees S2). */
export interface StateScope {
  readonly namespace: Namespace;
  readonly tenant: TenantId | undefined;
  /** K1 of both: `<namespace>/<tenant>`. */
  readonly text: string;
  /** Of both, for `StateKey.hash`. */
  readonly hash: number;
}

export interface StateKey {
  readonly kind: KeyKind;
  readonly scope: StateScope;
  /** As many as `keyKinds` says. An absent component and an empty one are two keys. */
  readonly id: readonly (string | undefined)[];
  /** K1, with K3 applied: `v1/<kind>/<namespace>/<tenant>/<id>…`. What memory, embedded, PostgreSQL and etcd use as it is. */
  readonly text: string;
  /**
   * K1 before K3: the same text unless the key is collapsed. The tuple that `parseStateKey` reads back; a backend stores
   * it with the record of a collapsed key, and has no other way to tell that key.
   */
  readonly fullText: string;
  /** A 32-bit integer that keys of one tuple share, and others seldom: for maps in memory (`KeyMap`). */
  readonly hash: number;
}

export function stateScope(namespace: Namespace, tenant: TenantId | undefined): StateScope {
  return scopeOf(namespace, tenant, `${encodeComponent(namespace)}/${encodeComponent(tenant)}`);
}

/** Eager, because every backend needs the text at once and a batch needs it more than once. */
export function stateKey<Kind extends KeyKind>(scope: StateScope, kind: Kind, ...id: KeyId<Kind>): StateKey {
  const [first, second] = id;
  // Few concatenations: each makes a string, and every action makes keys.
  const head = kindHeads[kind] + scope.text;
  const text = `${head}/${encodeComponent(first)}`;
  return keyOf(scope, kind, id, id.length === 1 ? text : `${text}/${encodeComponent(second)}`);
}

/** How the texts of each kind begin. */
const kindHeads = Object.fromEntries(Object.keys(keyKinds).map((kind) => [kind, `v1/${kind}/`])) as Readonly<
  Record<KeyKind, string>
>;

/**
 * The key that has this K1 text.
 * @param fullText `StateKey.fullText`: of a collapsed key, what its record keeps.
 * @throws {DataDamagedError} `stateKey` never made this text, or it is the collapsed one.
 */
export function parseStateKey(fullText: string): StateKey {
  const [version, kind, namespace, tenant, ...id] = fullText.split("/");
  if (version !== "v1" || kind === undefined || !isKeyKind(kind) || id.length !== keyKinds[kind])
    throw new DataDamagedError(`a stored key of ${fullText.length} characters has another shape than its kind`);
  const scope = scopeOf(
    // What stands in a key was checked by whoever made the scope of that key.
    decodeComponent(namespace ?? "") as Namespace,
    decodeComponent(tenant ?? "") as TenantId | undefined,
    `${namespace}/${tenant}`,
  );
  return keyOf(scope, kind, id.map(decodeComponent), fullText);
}

/** `StateKey.hash` of the key with this K1 text; of a collapsed one, whose text does not tell it, a number that they all share. */
export function hashOfKeyText(text: string): number {
  const [, kind, namespace = "", tenant = "", first = "", second] = text.split("/");
  if (first.startsWith(collapsedMark)) return collapsedHash;
  const scopeHash = hashOfScope(decodeComponent(namespace) ?? "", decodeComponent(tenant));
  const id = second === undefined ? [decodeComponent(first)] : [decodeComponent(first), decodeComponent(second)];
  return hashOf(scopeHash, kind as KeyKind, id);
}

function isKeyKind(text: string): text is KeyKind {
  return Object.hasOwn(keyKinds, text);
}

function keyOf(scope: StateScope, kind: KeyKind, id: StateKey["id"], fullText: string): StateKey {
  const text = fullText.length > maxKeyBytes ? collapsed(scope, kind, fullText) : fullText;
  return { kind, scope, id, text, fullText, hash: hashOf(scope.hash, kind, id) };
}

function scopeOf(namespace: Namespace, tenant: TenantId | undefined, text: string): StateScope {
  return { namespace, tenant, text, hash: hashOfScope(namespace, tenant) };
}

function hashOfScope(namespace: string, tenant: string | undefined): number {
  return textHash(textHash(0, namespace), tenant ?? "");
}

/** Of an id of one component or two; the kind by its length is enough, since most maps are of one kind. */
function hashOf(scopeHash: number, kind: KeyKind, [first = "", second]: StateKey["id"]): number {
  const hash = textHash(scopeHash ^ kind.length, first);
  return second === undefined ? hash : textHash(hash, second);
}

/** K1 text is ASCII: its length is its bytes. */
const maxKeyBytes = 400;

/** What K3 puts in place of an id begins with this, which no encoded component does. */
export const collapsedMark = "=h";

/** What `hashOfKeyText` gives for every collapsed key. */
export const collapsedHash = 0;

function collapsed(scope: StateScope, kind: KeyKind, fullText: string): string {
  return `v1/${kind}/${scope.text}/${collapsedMark}${digest(fullText, "base32")}`;
}
