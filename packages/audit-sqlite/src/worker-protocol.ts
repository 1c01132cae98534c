import type { ErrorCode } from "@acteon/core";
import type { SearchRequest, SearchResult } from "./search.ts";

/** What the store asks of its worker. `lines` lies in shared memory, or is copied on the way. */
export type WorkerRequest =
  | { readonly kind: "append"; readonly lines: Uint8Array; readonly count: number }
  | { readonly kind: "search"; readonly search: SearchRequest }
  | { readonly kind: "removeBefore"; readonly dispatchedAtMs: number };

/** What it answers to each kind. */
export interface WorkerAnswers {
  readonly append: undefined;
  readonly search: SearchResult;
  readonly removeBefore: number;
}

export type WorkerMessage = { readonly call: number; readonly request: WorkerRequest } | "close";

export type WorkerReply =
  | { readonly call: number; readonly kind: "answered"; readonly answer: WorkerAnswers[WorkerRequest["kind"]] }
  /** `code`: of an `ActeonError`; else the fault is ours. */
  | { readonly call: number; readonly kind: "failed"; readonly code: ErrorCode | undefined; readonly message: string };
