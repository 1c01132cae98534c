import { RequestError } from "./request-error.ts";

/** The parameters of a query, each at most once. Unknown ones mean nothing (`wire-api.md` §1.1). */
export class Query {
  readonly #values: ReadonlyMap<string, string>;

  /** @throws {RequestError} `bad_query`: not percent-encoded UTF-8, or a parameter twice. */
  constructor(raw: string | undefined) {
    this.#values = raw === undefined || raw === "" ? none : parse(raw);
  }

  /** Absent and empty are one: an SDK sends `tenant=` for a filter that is not set. */
  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return value === "" ? undefined : value;
  }

  /** @throws {RequestError} `bad_query`. */
  flag(name: string): boolean {
    const value = this.text(name);
    if (value === undefined || value === "false") return false;
    if (value === "true") return true;
    throw new RequestError("bad_query", `${name} must be true or false`);
  }

  /** A whole number, put within its range (guarantees §8 row 73). @throws {RequestError} `bad_query`: no whole number. */
  clamped(
    name: string,
    { min, max, fallback }: { readonly min: number; readonly max: number; readonly fallback: number },
  ): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    if (!/^-?\d{1,15}$/.test(value)) throw new RequestError("bad_query", `${name} must be a whole number`);
    return Math.min(max, Math.max(min, Number(value)));
  }

  names(): Iterable<string> {
    return this.#values.keys();
  }
}

const none: ReadonlyMap<string, string> = new Map();

function parse(raw: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const part of raw.split("&")) {
    if (part === "") continue;
    const mark = part.indexOf("=");
    const name = decode(mark === -1 ? part : part.slice(0, mark));
    if (values.has(name)) throw new RequestError("bad_query", "a parameter of the query is there twice");
    values.set(name, mark === -1 ? "" : decode(part.slice(mark + 1)));
  }
  return values;
}

function decode(raw: string): string {
  try {
    return decodeURIComponent(raw.replaceAll("+", " "));
  } catch (cause) {
    throw new RequestError("bad_query", "the query is no percent-encoded UTF-8", { cause });
  }
}
