import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ActeonError } from "./error.ts";
import { errorCodes } from "./error.ts";
import { findingCodes } from "./finding-codes.ts";
import {
  DeadlineExceededError,
  DigestMismatchError,
  InProgressError,
  NotFoundError,
  ValidationError,
} from "./request-errors.ts";
import {
  AuditUnavailableError,
  ConfigurationError,
  DataDamagedError,
  DrainingError,
  InternalError,
  LockTimeoutError,
  OverloadedError,
  ProviderNotFoundError,
  RateLimitedError,
  RuleError,
  StaleTokenError,
  StateUnavailableError,
} from "./service-errors.ts";

const rule = { name: "page-db", file: "rules/main.yaml", line: 31 };
const cause = new Error("connect ECONNREFUSED 10.0.0.7:6379");

const errors: readonly (readonly [error: ActeonError, code: string, retryable: boolean])[] = [
  [new ValidationError([{ pointer: "/id", code: "missing_field", message: "is required" }]), "missing_field", false],
  [new DigestMismatchError(0), "digest_mismatch", false],
  [new InProgressError(), "in_progress", true],
  [new NotFoundError("rule not found: x"), "not_found", false],
  [new DeadlineExceededError(), "deadline_exceeded", true],
  [new StateUnavailableError("redis did not answer", { cause }), "state_unavailable", true],
  [new AuditUnavailableError("disk full"), "audit_unavailable", true],
  [new LockTimeoutError(5_000), "lock_timeout", true],
  [new StaleTokenError(), "stale_token", true],
  [new DrainingError(), "draining", true],
  [new OverloadedError("4096 dispatches in flight", { retryAfterMs: 250 }), "overloaded", true],
  [new RateLimitedError("tenant acme: 100/s", { retryAfterMs: 40 }), "rate_limited", true],
  [new RuleError(rule, "division by zero"), "rule_error", false],
  [new ProviderNotFoundError("slack-ops"), "provider_not_found", false],
  [new ConfigurationError("port 70000 is out of range"), "invalid_configuration", false],
  [new DataDamagedError("record is no JSON"), "data_damaged", false],
  [new InternalError("cannot be"), "internal", false],
];

test.each(errors)("%s has the code %s; sending again may help: %s", (error, code, retryable) => {
  expect(error).toMatchObject({ code, retryable });
  expect(error.name).toBe(error.constructor.name);
});

test("of very many problems the first fifty are told, and how many more there are", () => {
  const problem = (i: number) =>
    ({ pointer: `/metadata/k${i}`, code: "invalid_type", message: "must be text" }) as const;
  const of = (count: number) =>
    new ValidationError([problem(0), ...Array.from({ length: count - 1 }, (_, i) => problem(i + 1))]);
  expect(of(50).problems).toHaveLength(50);
  expect(of(50).message).toMatch(/; \/metadata\/k49: must be text$/);
  const { message, problems, publicMessage } = of(90_000);
  expect(problems).toEqual(of(50).problems);
  expect(message).toBe(`${of(50).message}; and 89950 more`);
  expect(publicMessage).toBe(message);
});

test("whoever is told to come back to a service that is away is told when", () => {
  const waits = errors.filter(([error]) => error.retryable && error.code !== "deadline_exceeded");
  expect(waits.length).toBeGreaterThan(0);
  for (const [error] of waits) expect(error.retryAfterMs, error.name).toBeGreaterThan(0);
});

test("what a client is shown names no host, and the cause is kept for the operator", () => {
  const error = new StateUnavailableError("redis at 10.0.0.7 did not answer", { cause });
  expect(error.publicMessage).toBe("state backend unavailable");
  expect(error.cause).toBe(cause);
});

test("what to do is told behind what was found, and by itself", () => {
  const error = new ConfigurationError("no such database", { help: "create it" });
  expect(error).toMatchObject({ message: "no such database: create it", found: "no such database", help: "create it" });
  expect(new StateUnavailableError("closed")).toMatchObject({ message: "closed", found: "closed", help: undefined });
});

test("a validation error tells every problem and takes its code from the first", () => {
  const error = new ValidationError([
    { pointer: "/tenant", code: "invalid_tenant", message: "must not be empty" },
    { pointer: "", code: "missing_field", message: "is required" },
  ]);
  expect(error.code).toBe("invalid_tenant");
  expect(error.publicMessage).toBe("/tenant: must not be empty; is required");
});

test("a rule error names rule, file and line", () => {
  expect(new RuleError(rule, "division by zero").publicMessage).toBe(
    "rule error: page-db (rules/main.yaml:31): division by zero",
  );
});

describe("docs/reference/errors.md", () => {
  const page = readFileSync(new URL("../../../docs/reference/errors.md", import.meta.url), "utf8");
  const listed = [...page.matchAll(/^\| `(\w+)` \| (\d{3}|–) \| /gm)].map((row) => row[1] ?? "");

  test("lists exactly the codes that there are, each once", () => {
    expect(listed.toSorted()).toEqual(errorCodes.toSorted());
  });

  test("and the codes of findings, by their titles", () => {
    const findings = [...page.matchAll(/^\| `(ACT-[A-Z]\d{3})` \| ([^|]+) \|$/gm)].map(([, code, title]) => [
      code,
      title,
    ]);
    expect(findings).toEqual(Object.entries(findingCodes).map(([code, { title }]) => [code, title]));
  });
});
