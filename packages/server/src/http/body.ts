import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { JsonValue } from "@acteon/core";
import { parseJson, ValidationError } from "@acteon/core";
import type { Exchange } from "./exchange.ts";
import { RequestError } from "./request-error.ts";

const gunzipped = promisify(gunzip);

/**
 * Calls `onBody` with the whole body, decoded; refuses the exchange instead when it is too large, too slow or cannot be
 * decoded (guarantees §8 rows 4–6, 35). A body that comes in one piece is not copied.
 */
export function readBody(exchange: Exchange, onBody: (bytes: Buffer) => void): void {
  const { head, request, ports } = exchange;
  const gzip = isGzip(head.contentEncoding);
  if (!head.hasBody) {
    onBody(noBytes);
    return;
  }
  const { maxBodyBytes, bodyTimeoutMs } = ports.limits;
  if (Number(head.contentLength ?? 0) > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
  continueIfExpected(exchange);
  const { budget } = ports;
  let first: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  let size = 0;
  const drop = (): void => {
    budget.give(size);
    size = 0;
    first = chunks = undefined;
    exchange.settle();
  };
  request.on("data", (chunk: Buffer) => {
    if (exchange.answered) return;
    if (size + chunk.length > maxBodyBytes) {
      drop();
      exchange.fail(bodyTooLarge(maxBodyBytes));
      return;
    }
    if (!budget.take(chunk.length)) {
      drop();
      exchange.fail(bodiesTooMany());
      return;
    }
    size += chunk.length;
    if (first === undefined) first = chunk;
    else (chunks ??= [first]).push(chunk);
  });
  request.on("end", () => {
    if (exchange.answered) return;
    const bytes = chunks === undefined ? (first ?? noBytes) : Buffer.concat(chunks, size);
    drop();
    if (gzip) inflate(exchange, bytes, onBody);
    else guarded(exchange, bytes, onBody);
  });
  request.on("error", drop); // the client left, or sent what is no HTTP: the listener answers
  exchange.expireAfter(bodyTimeoutMs, () => {
    drop();
    exchange.fail(bodyTooSlow(bodyTimeoutMs));
  });
}

/** The same for a JSON body. Text in another encoding or another type is refused before any of it is read. */
export function readJson(exchange: Exchange, onValue: (value: JsonValue) => void): void {
  requireMediaType(exchange.head.contentType, "application/json");
  readBody(exchange, (bytes) => onValue(jsonOf(exchange, bytes)));
}

/** For bodies that may be left out; `undefined` then, whatever the content type. */
export function readOptionalJson(exchange: Exchange, onValue: (value: JsonValue | undefined) => void): void {
  if (!exchange.head.hasBody) onValue(undefined);
  else {
    requireMediaType(exchange.head.contentType, "application/json");
    readBody(exchange, (bytes) => onValue(bytes.length === 0 ? undefined : jsonOf(exchange, bytes)));
  }
}

/** @throws {RequestError} `unsupported_media_type`. */
export function requireMediaType(contentType: string | undefined, expected: string): void {
  if (contentType === expected || isMediaType(contentType, expected)) return;
  throw new RequestError("unsupported_media_type", `send Content-Type: ${expected}`);
}

/** The type itself, alone or with the one charset that JSON has. */
export function isMediaType(contentType: string | undefined, expected: string): boolean {
  const [type = "", ...parameters] = (contentType ?? "").toLowerCase().split(";");
  return trimSpaces(type) === expected && parameters.every((text) => /^ *charset="?utf-8"? *$/.test(text));
}

/** @throws {RequestError} `unsupported_encoding`. */
export function isGzip(contentEncoding: string | undefined): boolean {
  switch (contentEncoding?.toLowerCase()) {
    case undefined:
    case "identity":
      return false;
    case "gzip":
      return true;
    default:
      throw new RequestError("unsupported_encoding", "the only content encoding that can be read is gzip");
  }
}

export function continueIfExpected(exchange: Exchange): void {
  if (!exchange.expectsContinue) return;
  exchange.expectsContinue = false;
  exchange.response.writeContinue();
}

export function bodyTooLarge(limit: number): RequestError {
  return new RequestError("body_too_large", `the body is larger than ${limit} bytes`, { close: true });
}

export function bodiesTooMany(): RequestError {
  return new RequestError("overloaded", "too many bodies at one time", { retryAfterMs: 1_000, close: true });
}

function bodyTooSlow(timeoutMs: number): RequestError {
  return new RequestError("timeout", `the body did not arrive within ${timeoutMs} ms`, { close: true });
}

function jsonOf({ ports }: Exchange, bytes: Buffer): JsonValue {
  const { maxJsonDepth, maxJsonNodes } = ports.limits;
  const parsed = parseJson(bytes, { maxDepth: maxJsonDepth, maxNodes: maxJsonNodes });
  if (parsed.kind === "rejected") throw new ValidationError(parsed.problems);
  return parsed.value;
}

function inflate(exchange: Exchange, bytes: Buffer, onBody: (bytes: Buffer) => void): void {
  const { maxBodyBytes } = exchange.ports.limits;
  gunzipped(bytes, { maxOutputLength: maxBodyBytes }).then(
    (inflated) => guarded(exchange, inflated, onBody),
    (cause: NodeJS.ErrnoException) =>
      exchange.fail(
        cause.code === "ERR_BUFFER_TOO_LARGE"
          ? new RequestError("body_too_large", `the body is larger than ${maxBodyBytes} bytes when it is expanded`, {
              cause,
            })
          : new RequestError("invalid_encoding", "the body is not the gzip that its Content-Encoding says", { cause }),
      ),
  );
}

/** What a listener of an event throws would end the process. */
function guarded(exchange: Exchange, bytes: Buffer, onBody: (bytes: Buffer) => void): void {
  try {
    onBody(bytes);
  } catch (error) {
    exchange.fail(error);
  }
}

function trimSpaces(text: string): string {
  return text.replaceAll(/^ +| +$/g, "");
}

const noBytes = Buffer.alloc(0);
