/** `["data", "a", "b-c"]` as `data.a["b-c"]`: the name of a document, one for each path. */
export function pathText(path: readonly string[]): string {
  return path
    .map((part, i) => (/^[A-Za-z_]\w*$/.test(part) ? (i === 0 ? part : `.${part}`) : `[${JSON.stringify(part)}]`))
    .join("");
}

export function isBelow(path: readonly string[], above: readonly string[]): boolean {
  return path.length >= above.length && above.every((part, i) => part === path[i]);
}
