import { ConfigurationError, DataDamagedError, StateUnavailableError, ValidationError } from "@acteon/core";
import { RuleLoadError } from "@acteon/rules";
import { DataTooNewError } from "@acteon/state-embedded";
import { expect, test } from "vitest";
import { startFailureOf, WorkerStartError } from "./start-failure.ts";

const sqlite = (errcode: number): Error => Object.assign(new Error("sqlite"), { errcode });
const listen = Object.assign(new Error("listen EADDRINUSE: address already in use 127.0.0.1:8080"), {
  code: "EADDRINUSE",
  syscall: "listen",
});
const problem = { pointer: "/url", code: "url_not_allowed", message: "no" } as const;

test.each([
  ["row 65: configuration", new ConfigurationError("no"), 2],
  ["row 65: a provider's settings", new ValidationError([problem]), 2],
  ["row 57: rules", new RuleLoadError([]), 2],
  ["row 66: a port in use", listen, 7],
  ["row 66: a store that does not answer", new StateUnavailableError("redis:6379"), 7],
  ["row 66: a store that does not open in time", new DOMException("", "TimeoutError"), 7],
  ["row 67: data of a newer version", new DataTooNewError("data", { foundFormat: 9, knownFormat: 1 }), 6],
  ["row 67: damaged data", new DataDamagedError("data"), 1],
  ["row 68: a locked directory", new StateUnavailableError("data", { cause: sqlite(5) }), 6],
  ["row 68: a read-only directory", new StateUnavailableError("data", { cause: sqlite(8) }), 1],
  ["row 68: a full disk", new StateUnavailableError("data", { cause: sqlite(13) }), 1],
  ["row 68: an extended code of SQLite", new StateUnavailableError("data", { cause: sqlite(5 | (2 << 8)) }), 6],
  ["a fault of ours", new TypeError("oops"), 1],
])("%s", (_what, error, exitCode) => {
  expect(startFailureOf(error)).toMatchObject({ exitCode, message: error.message, diagnostics: [] });
});

test("a worker's failure is told as it was there", () => {
  const failure = { exitCode: 6, message: "locked", diagnostics: [] } as const;
  expect(startFailureOf(new WorkerStartError(failure))).toBe(failure);
});
