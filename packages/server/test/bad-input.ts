import type { RawOptions } from "./raw-client.ts";

/** A row of `guarantees.md` §8 over HTTP (T12): what is sent, byte for byte, and what must come back. */
export interface BadInput {
  readonly row: number;
  readonly what: string;
  readonly send: string | Buffer | readonly (string | Buffer)[];
  readonly status: number;
  readonly code?: string;
  /** Of the value to blame. */
  readonly pointer?: string;
  /** What the message must contain. */
  readonly says?: string;
  readonly closed?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly options?: RawOptions;
}

/** The largest body of the server that these are sent to. */
export const bodyLimit = 64 * 1_024;
/** The most values of a body. */
export const nodeLimit = 20_000;

export const dispatchPath = "/v1/dispatch";
export const batchPath = "/v1/dispatch/batch";
