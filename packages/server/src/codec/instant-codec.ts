/** Instants go out in UTC with `Z` (`wire-api.md` §1.1). */
export function instantToWire(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** The other spelling of UTC, which a few fields have: `wire-api.md` §1.1 lists them. */
export function offsetInstantToWire(atMs: number): string {
  return instantToWire(atMs).replace("Z", "+00:00");
}
