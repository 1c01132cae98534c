/** The pointer (RFC 6901) of a member or an element of what `parent` points to. */
export function pointerTo(parent: string, key: string | number): string {
  return typeof key === "number" ? `${parent}/${key}` : `${parent}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
