import { createAction } from "@acteon/core";
import type { ActionInput } from "@acteon/core";
import { createFakeClock, createSeededRandom } from "@acteon/core/testing";
import { openHttp } from "@acteon/provider";
import type { Attempt, ProviderPorts } from "@acteon/provider";
import { expect, test } from "vitest";
import { consoleProvider, logProvider } from "./console-provider.ts";

const clock = createFakeClock();
const random = createSeededRandom(1);
const attempt: Attempt = { signal: new AbortController().signal, idempotencyKey: "KEY", number: 1 };

function ports(lines: string[]): ProviderPorts {
  return { name: "terminal", http: openHttp({ clock }), clock, random, print: (line) => lines.push(line) };
}

function action(overrides: Partial<ActionInput> = {}) {
  const input = { id: "a-1", namespace: "shop", tenant: "acme", provider: "terminal", actionType: "order.paid" };
  return createAction({ ...input, payload: { amount: 3 }, ...overrides }, { clock, random });
}

const logged = {
  kind: "answered",
  response: { status: "success", body: { provider: "terminal", logged: true }, headers: {} },
};

test("console prints a line for each action, and answers at once", () => {
  const lines: string[] = [];
  const provider = consoleProvider.open({}, ports(lines));
  expect(provider.execute(action(), attempt)).toEqual(logged);
  expect(provider.execute(action({ tenant: undefined, id: "a-2" }), attempt)).toEqual(logged);
  expect(lines).toEqual([
    'terminal  shop/acme  order.paid  a-1  {"amount":3}',
    'terminal  shop  order.paid  a-2  {"amount":3}',
  ]);
});

test.each([
  ["console without output", consoleProvider, { output: false }],
  ["log", logProvider, {}],
])("%s prints nothing, and answers the same", (_name, type, config) => {
  const lines: string[] = [];
  expect(type.open(config, ports(lines)).execute(action(), attempt)).toEqual(logged);
  expect(lines).toEqual([]);
});

test("no action can move the cursor, change colours or begin a line of its own", () => {
  const lines: string[] = [];
  const provider = consoleProvider.open({}, ports(lines));
  void provider.execute(action({ payload: { note: "\u001b[31m\r\n\u009b\u2028\u007f" } }), attempt);
  expect(lines).toEqual([
    String.raw`terminal  shop/acme  order.paid  a-1  {"note":"\u001b[31m\r\n\u009b\u2028\u007f"}`,
  ]);
});

test("a long payload is cut, so that it stays a line", () => {
  const lines: string[] = [];
  void consoleProvider.open({}, ports(lines)).execute(action({ payload: "x".repeat(100_000) }), attempt);
  expect(lines[0]?.length).toBeLessThan(600);
  expect(lines[0]?.endsWith("…")).toBe(true);
});

test("a misspelt key of the configuration is refused", () => {
  expect(() => consoleProvider.open({ ouput: false }, ports([]))).toThrow("ouput");
  expect(() => logProvider.open({ output: true }, ports([]))).toThrow("output");
});
