/** The releases from which on etcd keeps every promise (`guarantees.md` §4); of a series that is not named, none or all. */
const floors: readonly (readonly [number, number, number])[] = [
  [3, 4, 38],
  [3, 5, 23],
];

/** Is that release, such as `3.5.21`, too old to be trusted? */
export function isBelowFloor(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.+-]/).map(Number);
  const floor = floors.find(([of, series]) => of === major && series === minor);
  if (floor !== undefined) return patch < floor[2];
  return major < 3 || (major === 3 && minor < 4);
}

export const floorText = floors.map((floor) => floor.join(".")).join(" / ");
