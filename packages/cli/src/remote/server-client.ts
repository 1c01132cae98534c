import type { IncomingMessage, RequestOptions } from "node:http";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { ErrorCode, JsonValue } from "@acteon/core";
import { errorCodes, isJsonObject, parseJsonText } from "@acteon/core";
import type { CommandContext } from "../command.ts";
import { CommandError, usageError } from "../command-error.ts";

/** Where `acteon serve` listens unless told otherwise. */
const defaultServer = "http://127.0.0.1:8080";
/** A server that says nothing for so long is away. */
const silenceMs = 60_000;

/** The server that a command means: that of the flag, else of the environment; `undefined`: neither. */
export function namedServer({
  options,
  environment,
}: Pick<CommandContext, "options" | "environment">): string | undefined {
  return options.text("server") ?? environment["ACTEON_SERVER"];
}

/** Asks a running server. Every call is one request. */
export class ServerClient {
  readonly #url: URL;
  readonly #apiKey: string | undefined;

  /** @throws {CommandError} The address is no URL that can be called. */
  constructor(context: Pick<CommandContext, "options" | "environment">) {
    const url = URL.parse(namedServer(context) ?? defaultServer);
    if (url === null || !/^https?:$/.test(url.protocol)) throw usageError("--server must be a URL with http or https");
    this.#url = url;
    this.#apiKey = context.options.text("apiKey") ?? context.environment["ACTEON_API_KEY"];
  }

  /**
   * One request with its whole answer, as JSON; `null` where there is none.
   * @throws {CommandError} The server refuses, with its code; or is away.
   */
  async ask(
    method: string,
    path: string,
    body?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<JsonValue> {
    const response = await this.#send(
      method,
      path,
      body === undefined ? {} : { "content-type": "application/json", ...headers },
      (out) => out.end(body),
    );
    const text = await this.#textOf(response);
    if ((response.statusCode ?? 500) >= 400) throw refusal(response.statusCode ?? 500, text);
    return text === "" ? null : parseJsonText(text);
  }

  /**
   * Lines out, an answer a line back in the same order, while both flow (`wire-api.md` §5.2, stream form).
   * @throws {CommandError} The server refuses the whole, or is away.
   */
  async *stream(
    path: string,
    lines: Iterable<string>,
    headers: Readonly<Record<string, string>>,
  ): AsyncIterable<JsonValue> {
    const response = await this.#send("POST", path, { "content-type": "application/x-ndjson", ...headers }, (out) => {
      void pour(lines, out);
    });
    if ((response.statusCode ?? 500) >= 400) throw refusal(response.statusCode ?? 500, await this.#textOf(response));
    const { createInterface } = await import("node:readline");
    for await (const line of createInterface({ input: response })) {
      if (line !== "") yield parseJsonText(line);
    }
  }

  #send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    write: (out: ReturnType<typeof httpRequest>) => void,
  ): Promise<IncomingMessage> {
    const target = new URL(path, this.#url);
    const options: RequestOptions = {
      method,
      agent: false,
      headers: { ...headers, ...(this.#apiKey === undefined ? {} : { authorization: `Bearer ${this.#apiKey}` }) },
    };
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const out = (target.protocol === "https:" ? httpsRequest : httpRequest)(target, options, resolve);
    out.setTimeout(silenceMs, () => out.destroy(new Error(`no answer within ${silenceMs} ms`)));
    out.on("error", (cause) => reject(this.#away(cause)));
    write(out);
    return promise;
  }

  async #textOf(response: IncomingMessage): Promise<string> {
    let text = "";
    try {
      for await (const chunk of response.setEncoding("utf8")) text += String(chunk);
    } catch (cause) {
      throw this.#away(cause);
    }
    return text;
  }

  #away(cause: unknown): CommandError {
    const known = cause instanceof Error ? cause : new Error(String(cause));
    const code = "code" in known && typeof known.code === "string" ? known.code : undefined;
    const reason = (code === undefined ? undefined : silences.get(code)) ?? code ?? known.message;
    return new CommandError("provider_unavailable", `no answer from ${this.#url.origin}: ${reason}`, { cause });
  }
}

/** Why nobody answers, by the system's code. */
const silences: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nothing listens there; `acteon serve` starts a server, --server names another one"],
  ["ENOTFOUND", "there is no host of this name"],
  ["EPROTO", "it speaks no TLS that we know; is it http:// instead?"],
  ["ECONNRESET", "the connection broke off"],
]);

/** Writes as fast as the other side reads; what breaks meanwhile is the request's own error. */
async function pour(lines: Iterable<string>, out: ReturnType<typeof httpRequest>): Promise<void> {
  for (const line of lines) {
    if (out.destroyed) return;
    if (out.write(`${line}\n`)) continue;
    await new Promise<void>((resolve) => {
      out.once("drain", resolve);
      out.once("close", resolve);
    });
  }
  out.end();
}

/** The error envelope of `wire-api.md` §1.2; whatever else answers there is told by its status. */
function refusal(status: number, text: string): CommandError {
  const body = jsonOrNull(text);
  const message = isJsonObject(body) && typeof body["message"] === "string" ? body["message"] : `HTTP status ${status}`;
  const named = isJsonObject(body) ? errorCodes.find((code) => code === body["code"]) : undefined;
  return new CommandError(named ?? codeOfStatus(status), message);
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return "unauthenticated";
  if (status === 403) return "forbidden";
  if (status === 404) return "not_found";
  return status === 429 || status >= 502 ? "provider_unavailable" : "internal";
}

function jsonOrNull(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}
