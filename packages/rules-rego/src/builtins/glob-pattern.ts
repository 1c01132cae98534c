import { maxPatternLength } from "@acteon/rules";
import { quotedMeta } from "./regex-patterns.ts";

/**
 * A glob as a regular expression that matches whole texts, in linear time: `*` any characters but separators, `**` any,
 * `?` one but a separator, `[abc]` and `[!a-z]` one of these or none of them, `{a,b}` one of these, `\` takes a character
 * for itself. `undefined`: it is none.
 */
export function globPattern(glob: string, separators: string): string | undefined {
  return new GlobReader(Array.from(glob), separators).read();
}

class GlobReader {
  readonly #chars: readonly string[];
  /** One character that is no separator. */
  readonly #single: string;
  #at = 0;
  /** Braces that are open. */
  #depth = 0;

  constructor(chars: readonly string[], separators: string) {
    this.#chars = chars;
    this.#single = separators === "" ? "." : `[^${escapedInClass(separators)}]`;
  }

  read(): string | undefined {
    let pattern = "(?s)^";
    // Longer ones are refused, so that they need not be made.
    while (this.#at < this.#chars.length && pattern.length <= maxPatternLength) {
      const part = this.#part(this.#chars[this.#at++]!);
      if (part === undefined) return undefined;
      pattern += part;
    }
    return this.#depth === 0 || pattern.length > maxPatternLength ? `${pattern}$` : undefined;
  }

  #part(char: string): string | undefined {
    switch (char) {
      case "*":
        if (this.#chars[this.#at] !== "*") return `${this.#single}*`;
        this.#at++;
        return ".*";
      case "?":
        return this.#single;
      case "[":
        return this.#class();
      case "{":
        this.#depth++;
        return "(?:";
      case "}":
        if (this.#depth === 0) return quotedMeta(char);
        this.#depth--;
        return ")";
      case ",":
        return this.#depth === 0 ? char : "|";
      case "\\": {
        const plain = this.#chars[this.#at++];
        return plain === undefined ? undefined : quotedMeta(plain);
      }
      default:
        return quotedMeta(char);
    }
  }

  /** A list of characters, or a range of them. */
  #class(): string | undefined {
    const negated = this.#chars[this.#at] === "!" ? "^" : "";
    if (negated !== "") this.#at++;
    const members: string[] = [];
    for (;;) {
      const char = this.#chars[this.#at++];
      if (char === undefined) return undefined;
      if (char === "]") break;
      const plain = char === "\\" ? this.#chars[this.#at++] : char;
      if (plain === undefined) return undefined;
      members.push(plain);
    }
    const [from, dash, to] = members;
    if (from === undefined) return undefined;
    const isRange = members.length === 3 && dash === "-";
    if (isRange && from > to!) return undefined;
    const inside = isRange ? `${escapedInClass(from)}-${escapedInClass(to!)}` : escapedInClass(members.join(""));
    return `[${negated}${inside}]`;
  }
}

function escapedInClass(chars: string): string {
  return chars.replaceAll(/[\\\]^[-]/g, String.raw`\$&`);
}
