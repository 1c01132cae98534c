/** The environment as an argument: names to texts. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type Expanded =
  | { readonly kind: "expanded"; readonly text: string }
  /** Names only, never values (guarantees §8 row 65). */
  | { readonly kind: "missing"; readonly variables: readonly string[] }
  | { readonly kind: "malformed" };

/**
 * Puts the environment's values for `${NAME}` and `${NAME:-default}`; the default also holds for an empty value. What was
 * put in is not expanded again.
 */
export function expand(text: string, environment: Environment): Expanded {
  const missing: string[] = [];
  let malformed = false;
  const expanded = text.replaceAll(/\$\{([^}]*)(\}?)/g, (_match, inside: string, end: string) => {
    const [, name, fallback] = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(inside) ?? [];
    if (name === undefined || end === "") {
      malformed = true;
      return "";
    }
    const value = environment[name];
    if (fallback !== undefined) return value === undefined || value === "" ? fallback : value;
    if (value === undefined) missing.push(name);
    return value ?? "";
  });
  if (malformed) return { kind: "malformed" };
  return missing.length > 0 ? { kind: "missing", variables: missing } : { kind: "expanded", text: expanded };
}

/** Does a text ask for the environment at all? */
export function hasReference(text: string): boolean {
  return text.includes("${");
}

/** `ACTEON_SERVER__PORT`, the variable that overrides `server.port`: two underscores between levels. */
export function overrideVariable(path: readonly (string | number)[]): string {
  return `ACTEON_${path
    .map((step) =>
      String(step)
        .replaceAll(/[^A-Za-z0-9_]/g, "_")
        .toUpperCase(),
    )
    .join("__")}`;
}

/** The variables that override a key: those with a level below `ACTEON_`. */
export function overrideVariables(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => /^ACTEON_[A-Za-z0-9_]*?[A-Za-z0-9]__[A-Za-z0-9]/.test(name) && environment[name] !== undefined)
    .toSorted();
}
