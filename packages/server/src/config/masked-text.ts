import type { KeyPlace } from "./toml-positions.ts";

/**
 * A TOML text as it may be shown around a diagnostic (guarantees S6): what stands in quotes is starred out, except at the
 * paths in `shown`; `${NAME}` stays. Lengths stay, so that spans still fit.
 *
 * @param places Of the text's keys; none when it is not TOML and so its values cannot be told apart.
 */
export function maskedText(text: string, places: readonly KeyPlace[], shown: ReadonlySet<string>): string {
  let masked = text.replaceAll(quoted, starred);
  for (const { path, value } of places) {
    if (!shown.has(JSON.stringify(path))) continue;
    const { start, end } = value;
    masked = masked.slice(0, start.offset) + text.slice(start.offset, end.offset) + masked.slice(end.offset);
  }
  return masked;
}

const quoted = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"?|'[^'\n]*'?/g;

function starred(value: string): string {
  const parts = value.split(/(\$\{[A-Za-z_][A-Za-z0-9_]*\})/);
  return parts.map((part, i) => (i % 2 === 1 ? part : part.replaceAll(/[^"'\n]/g, "*"))).join("");
}
