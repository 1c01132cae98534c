import type { Permission } from "../auth/permission.ts";
import { RequestError } from "./request-error.ts";
import type { Exchange } from "./exchange.ts";
import { decodeSegment } from "./request-target.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** One route: the table of them is all that is served, and says who may. */
export interface Route {
  readonly method: Method;
  /** `{name}` stands for one segment. Literal paths win over those with parameters. */
  readonly path: string;
  readonly permission: Permission;
  /** Answers the exchange, now or later. What it throws or rejects with becomes the answer. */
  readonly handle: (exchange: Exchange) => void | Promise<void>;
}

/** The routes of one path, by method. */
type Methods = ReadonlyMap<string, Route>;

interface Pattern {
  readonly segments: readonly string[];
  readonly methods: Methods;
}

/** Finds the route of a request. Trailing slashes are not accepted (`wire-api.md` §1.1). */
export class Router {
  readonly #literal = new Map<string, Methods>();
  readonly #patterns: Pattern[] = [];

  constructor(routes: readonly Route[]) {
    const byPath = Map.groupBy(routes, ({ path }) => path);
    for (const [path, group] of byPath) {
      const methods = new Map<string, Route>(group.map((route) => [route.method, route]));
      const get = methods.get("GET");
      // An answer to HEAD is that to GET without its body, which node leaves out by itself.
      if (get !== undefined) methods.set("HEAD", get);
      if (path.includes("{")) this.#patterns.push({ segments: path.split("/"), methods });
      else this.#literal.set(path, methods);
    }
  }

  /**
   * The route, with the decoded parameters of the path put into the exchange.
   * @throws {RequestError} `not_found`, `method_not_allowed`, `invalid_path`.
   */
  route(method: string, path: string, exchange: Exchange): Route {
    const methods = this.#literal.get(path) ?? this.#matching(path, exchange);
    if (methods === undefined) throw new RequestError("not_found", "there is no such path");
    const route = methods.get(method);
    if (route !== undefined) return route;
    const allow = [...methods.keys()].join(", ");
    throw new RequestError("method_not_allowed", `this path takes ${allow}`, { headers: ["allow", allow] });
  }

  /** What a path takes, for a preflight; `undefined` for an unknown one. */
  methodsOf(path: string): readonly string[] | undefined {
    const methods =
      this.#literal.get(path) ?? this.#patterns.find((pattern) => matches(pattern, path.split("/")))?.methods;
    return methods === undefined ? undefined : [...methods.keys()];
  }

  #matching(path: string, exchange: Exchange): Methods | undefined {
    const segments = path.split("/");
    const pattern = this.#patterns.find((candidate) => matches(candidate, segments));
    if (pattern === undefined) return undefined;
    exchange.params = pattern.segments.flatMap((name, i) =>
      isParameter(name) ? [decodeSegment(segments[i] ?? "")] : [],
    );
    return pattern.methods;
  }
}

function matches({ segments }: Pattern, path: readonly string[]): boolean {
  return (
    segments.length === path.length &&
    segments.every((name, i) => (isParameter(name) ? path[i] !== "" : name === path[i]))
  );
}

function isParameter(segment: string): boolean {
  return segment.startsWith("{");
}
