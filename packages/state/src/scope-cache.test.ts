import { parseNamespace, parseTenant, type Namespace, type TenantId } from "@acteon/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ScopeCache } from "./scope-cache.ts";
import { stateScope } from "./state-key.ts";

const names = fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom("a", "b", "c") });

function namespaceOf(text: string): Namespace {
  const parsed = parseNamespace(text);
  if (parsed.kind === "rejected") throw new Error(text);
  return parsed.value;
}

function tenantOf(text: string): TenantId {
  const parsed = parseTenant(text);
  if (parsed.kind === "rejected") throw new Error(text);
  return parsed.value;
}

test("gives every namespace and tenant its own scope, whatever was asked before, and however small it is", () => {
  const asked = fc.array(fc.tuple(names, fc.option(names, { nil: undefined })), { maxLength: 60 });
  fc.assert(
    fc.property(asked, fc.integer({ min: 1, max: 4 }), (scopes, max) => {
      const cache = new ScopeCache(max);
      for (const [namespace, tenant] of scopes) {
        const [n, t] = [namespaceOf(namespace), tenant === undefined ? undefined : tenantOf(tenant)];
        expect(cache.scope(n, t)).toEqual(stateScope(n, t));
      }
    }),
  );
});

test("the same text in another string is the same scope", () => {
  const cache = new ScopeCache(10);
  const first = cache.scope(namespaceOf("prod"), tenantOf("tenant-17"));
  cache.scope(namespaceOf("prod"), tenantOf("tenant-18"));
  expect(cache.scope(namespaceOf(["pr", "od"].join("")), tenantOf(["tenant", "17"].join("-")))).toBe(first);
});
