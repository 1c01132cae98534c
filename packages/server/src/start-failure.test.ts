import {
  ConfigurationError,
  DataDamagedError,
  StateUnavailableError,
  ValidationError,
  DataTooNewError,
} from "@acteon/core";
import { RuleLoadError } from "@acteon/rules";
import { expect, test } from "vitest";
import { startFailureOf, WorkerStartError } from "./start-failure.ts";
import { StoreUnreachableError } from "./wiring/store-unreachable-error.ts";

const sqlite = (errcode: number): Error => Object.assign(new Error("sqlite"), { errcode });
const listen = (code: string): Error =>
  Object.assign(new Error(`listen ${code}: 127.0.0.1:80`), { code, syscall: "listen", address: "127.0.0.1", port: 80 });
const problem = { pointer: "/url", code: "url_not_allowed", message: "no" } as const;

test.each([
  ["row 65: configuration", new ConfigurationError("no"), 2],
  ["row 65: a provider's settings", new ValidationError([problem]), 2],
  ["row 57: rules", new RuleLoadError([]), 2],
  ["row 66: a port that this user may not have", listen("EACCES"), 7],
  [
    "row 66: a store on another machine that did not come",
    new StoreUnreachableError("redis:6379", { cause: sqlite(8) }),
    7,
  ],
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

test("what to do about it is told apart", () => {
  const error = new ConfigurationError("no such database", { help: "create it" });
  expect(startFailureOf(error)).toMatchObject({ message: "no such database", help: "create it" });
});

test("row 66: a port in use is told with what to do", () => {
  expect(startFailureOf(listen("EADDRINUSE"))).toEqual({
    exitCode: 7,
    message: "another process listens on 127.0.0.1:80",
    help: "stop it, or choose another port (server.port, --port)",
    diagnostics: [],
  });
});

test("a worker's failure is told as it was there", () => {
  const failure = { exitCode: 6, message: "locked", help: "stop the other", diagnostics: [] } as const;
  expect(startFailureOf(new WorkerStartError(failure))).toBe(failure);
});
