/** A dotted path of the `when` / `then` dialect and of templates: `action.payload.items[0]["a.b"]`. */
export interface Path {
  readonly root: string;
  /** Where the path begins and ends in the text. */
  readonly start: number;
  readonly segments: readonly Segment[];
  readonly end: number;
}

export interface Segment {
  /** A number is the place of an element of a list. */
  readonly key: string | number;
  /** `["a.b"]`, not `.a`. */
  readonly bracketed: boolean;
  /** Offsets in the text that the path was read from; a dot or bracket in front is not in it. */
  readonly start: number;
  readonly end: number;
}

export type ParsedPath =
  | { readonly kind: "parsed"; readonly path: Path }
  | { readonly kind: "rejected"; readonly at: number; readonly expected: string };

/** Reads the longest path that begins at `at`. */
export function parsePath(text: string, at: number): ParsedPath {
  const root = matchAt(name, text, at);
  if (root === undefined) return { kind: "rejected", at, expected: "a name such as `action`" };
  const segments: Segment[] = [];
  let end = at + root.length;
  for (;;) {
    if (text[end] === ".") {
      const key = matchAt(step, text, end + 1);
      if (key === undefined) return { kind: "rejected", at: end + 1, expected: "a name after the dot" };
      segments.push({ key, bracketed: false, start: end + 1, end: end + 1 + key.length });
      end += 1 + key.length;
    } else if (text[end] === "[") {
      const inside = matchAt(bracket, text, end);
      if (inside === undefined)
        return {
          kind: "rejected",
          at: end + 1,
          expected: 'a whole number or a text in quotes, as in `[0]` or `["a b"]`',
        };
      const index = inside.slice(1, -1).trim();
      const key = /^\d/.test(index) ? Number(index) : index.slice(1, -1);
      segments.push({ key, bracketed: true, start: end + 1, end: end + inside.length - 1 });
      end += inside.length;
    } else {
      return { kind: "parsed", path: { root, start: at, segments, end } };
    }
  }
}

const name = /[A-Za-z_][A-Za-z0-9_]*/y;
/** A step after a dot may be any key without white space, quotes, brackets and what parts arguments. */
const step = /[A-Za-z0-9_$@/-]+/y;
const bracket = /\[\s*(?:\d{1,9}|"[^"\\]*"|'[^'\\]*')\s*\]/y;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
