import { expect, test } from "vitest";
import { ProviderRegistry } from "./provider-registry.ts";
import type { Provider } from "./provider.ts";

function provider(name: string, overrides: Partial<Provider> = {}): Provider {
  return {
    name,
    dedup: { kind: "none" },
    onAmbiguous: "retry",
    execute: () => ({ kind: "answered", response: { status: "success", body: null, headers: {} } }),
    healthCheck: async () => ({ kind: "healthy" }),
    close: async () => {},
    ...overrides,
  };
}

const signal = new AbortController().signal;

test("a provider is found by the name it was registered under, and names keep their order", () => {
  const registry = new ProviderRegistry();
  const mail = provider("mail");
  registry.register(mail);
  registry.register(provider("chat"));
  expect(registry.get("mail")).toBe(mail);
  expect(registry.get("toString")).toBeUndefined();
  expect(registry.names()).toEqual(["mail", "chat"]);
});

test("a second provider of one name is refused", () => {
  const registry = new ProviderRegistry();
  registry.register(provider("mail"));
  expect(() => registry.register(provider("mail"))).toThrow("two providers named mail");
});

test("health is asked of all, and a check that throws is unhealthy", async () => {
  const registry = new ProviderRegistry();
  registry.register(provider("mail"));
  registry.register(provider("chat", { healthCheck: () => Promise.reject(new Error("gone")) }));
  expect(await registry.healthCheck({ signal })).toEqual({
    mail: { kind: "healthy" },
    chat: { kind: "unhealthy", reason: "gone" },
  });
});

test("disposing closes every provider, also past one that fails to close", async () => {
  const closed: string[] = [];
  const registry = new ProviderRegistry();
  registry.register(provider("mail", { close: () => Promise.reject(new Error("stuck")) }));
  registry.register(provider("chat", { close: async () => void closed.push("chat") }));
  await expect(registry[Symbol.asyncDispose]()).rejects.toThrow(AggregateError);
  expect(closed).toEqual(["chat"]);
  expect(registry.names()).toEqual([]);
});
