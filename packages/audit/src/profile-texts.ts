import type { StoredProfile } from "./audit-record-codec.ts";

/** A busy gateway has some hundred profiles in use. */
const places = 1_024;

/**
 * Profiles as JSON, kept to be written again: nearly every record has one of few, and encoding it is a third of the work on
 * a record. Each has one place, by some of its characters; of two that want the same the later one stays.
 */
export class ProfileTexts {
  readonly #profiles: (StoredProfile | undefined)[] = Array.from({ length: places });
  readonly #texts: string[] = Array.from({ length: places });

  of(profile: StoredProfile): string {
    const place = placeOf(profile);
    const kept = this.#profiles[place];
    if (kept !== undefined && isSame(kept, profile)) return this.#texts[place] as string;
    const text = JSON.stringify(profile);
    this.#profiles[place] = profile;
    this.#texts[place] = text;
    return text;
  }
}

function isSame(a: StoredProfile, b: StoredProfile): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Tenants and action types that count up differ at their ends. */
function placeOf([, tenant, , actionType, outcome, verdict]: StoredProfile): number {
  const ends = endOf(tenant ?? "") * 31 + endOf(actionType);
  return (ends * 31 + outcome.length * 7 + verdict.length) & (places - 1);
}

function endOf(text: string): number {
  const { length } = text;
  let hash = length;
  for (let at = Math.max(0, length - 4); at < length; at++) hash = (hash * 31 + text.charCodeAt(at)) | 0;
  return hash;
}
