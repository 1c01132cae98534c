import { ActeonError } from "@acteon/core";
import type { ErrorCode } from "@acteon/core";

export interface RequestErrorOptions extends ErrorOptions {
  readonly retryAfterMs?: number;
  /** Headers that belong to this answer: name, value, name, value … */
  readonly headers?: readonly string[];
  /** The connection cannot be used any further. */
  readonly close?: boolean;
}

/** A request that HTTP itself gives reason to refuse. The message is for the client. */
export class RequestError extends ActeonError {
  override readonly name = "RequestError";
  readonly code: ErrorCode;
  readonly publicMessage: string;
  override readonly retryable: boolean;
  override readonly retryAfterMs: number | undefined;
  readonly headers: readonly string[];
  readonly close: boolean;

  constructor(code: ErrorCode, message: string, options: RequestErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.publicMessage = message;
    this.retryAfterMs = options.retryAfterMs;
    this.retryable = options.retryAfterMs !== undefined;
    this.headers = options.headers ?? [];
    this.close = options.close ?? false;
  }
}
