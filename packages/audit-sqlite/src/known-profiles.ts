import { auditFieldNames, decodeAuditProfile } from "@acteon/audit";
import type { StoredProfile } from "@acteon/audit";
import type { LineScanner } from "./line-scanner.ts";

/** A profile seen before. */
export interface KnownProfile {
  readonly hash: number;
  /** Where its bytes are kept. */
  readonly start: number;
  readonly end: number;
  /** One per field, in the order of `auditFieldNames`. */
  readonly texts: readonly (string | undefined)[];
}

const maxProfiles = 8_192;
const slots = 4 * maxProfiles;
const arenaBytes = 2 * 1024 * 1024;

/**
 * The profiles of the last segments by their bytes. Traffic repeats a few thousand of them, so that parsing one is rare.
 * Bounded: when it is full it begins anew.
 */
export class KnownProfiles {
  readonly #slots = new Int32Array(slots); // number of the profile + 1; open addressing
  #profiles: KnownProfile[] = [];
  /** One string for all profiles that have the same text. */
  #texts = new Map<string, string>();
  readonly #arena = Buffer.allocUnsafeSlow(arenaBytes);
  #arenaUsed = 0;

  /** The profile at which the scanner stands; the scanner goes on behind it. @throws {DataDamagedError} There is none. */
  read(scanner: LineScanner): KnownProfile {
    const { lines, profileStart: start } = scanner;
    for (let end = scanner.profileEnd(start); ; end = scanner.profileEnd(end)) {
      const hash = scanner.hash(start, end);
      const profile = this.#find(lines, start, end, hash) ?? this.#learn(lines.subarray(start, end), hash);
      if (profile === undefined) continue;
      scanner.readRest(end);
      return profile;
    }
  }

  #find(lines: Buffer, start: number, end: number, hash: number): KnownProfile | undefined {
    for (let slot = hash % slots; ; slot = (slot + 1) % slots) {
      const profile = this.#profiles[(this.#slots[slot] ?? 0) - 1];
      if (profile === undefined) return undefined;
      if (profile.hash === hash && this.#arena.compare(lines, start, end, profile.start, profile.end) === 0)
        return profile;
    }
  }

  /** `undefined` when the bytes are not the whole of a profile. */
  #learn(bytes: Buffer, hash: number): KnownProfile | undefined {
    const stored = parsed(bytes);
    if (stored === undefined) return undefined;
    if (this.#profiles.length >= maxProfiles || this.#arenaUsed + bytes.length > arenaBytes) this.#forgetAll();
    const { fields } = decodeAuditProfile(stored);
    const start = this.#arenaUsed;
    const profile = {
      hash,
      start,
      end: start + bytes.length,
      texts: auditFieldNames.map((name) => this.#text(fields[name])),
    };
    if (bytes.length > arenaBytes) return profile;
    this.#arena.set(bytes, start);
    this.#arenaUsed += bytes.length;
    this.#profiles.push(profile);
    let slot = hash % slots;
    while (this.#slots[slot] !== 0) slot = (slot + 1) % slots;
    this.#slots[slot] = this.#profiles.length;
    return profile;
  }

  #text(text: string | undefined): string | undefined {
    if (text === undefined) return undefined;
    const known = this.#texts.get(text);
    if (known === undefined) this.#texts.set(text, text);
    return known ?? text;
  }

  #forgetAll(): void {
    this.#slots.fill(0);
    this.#profiles = [];
    this.#texts = new Map();
    this.#arenaUsed = 0;
  }
}

function parsed(bytes: Buffer): StoredProfile | undefined {
  try {
    return JSON.parse(bytes.toString()) as StoredProfile;
  } catch {
    return undefined;
  }
}
