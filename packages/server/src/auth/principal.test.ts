import type { Action } from "@acteon/core";
import { parseAction } from "@acteon/core";
import { describe, expect, test } from "vitest";
import { permits } from "./permission.ts";
import {
  anonymous,
  auditScope,
  coversAction,
  coversScope,
  coversTenantSomewhere,
  createPrincipal,
} from "./principal.ts";
import type { Grant, Role } from "./principal.ts";

function grant(parts: Partial<Grant>): Grant {
  return { tenants: ["*"], namespaces: ["*"], providers: ["*"], actions: ["*"], ...parts };
}

function caller(grants: readonly Grant[], role: Role = "operator") {
  return createPrincipal({ id: "ci", method: "api_key", role, grants });
}

function action(tenant: string, namespace = "alerts", provider = "console", action_type = "page"): Action {
  const parsed = parseAction({ id: "a", tenant, namespace, provider, action_type, payload: null }, { nowMs: 0 });
  if (parsed.kind === "rejected") throw new Error("a bad action");
  return parsed.action;
}

describe("grants", () => {
  test.each([
    ["acme", "acme", true],
    ["acme", "acme.eu", true],
    ["acme", "acme.eu.west", true],
    ["acme", "acmecorp", false],
    ["acme.eu", "acme", false],
    ["acme.eu", "acme.eus", false],
    ["*", "anybody", true],
    ["", "acme", false],
  ])("K2: the pattern %j on the tenant %s: %s", (pattern, tenant, covered) => {
    const principal = caller([grant({ tenants: [pattern] })]);
    expect(coversAction(principal, action(tenant))).toBe(covered);
    expect(coversScope(principal, tenant, "alerts")).toBe(covered);
    expect(coversTenantSomewhere(principal, tenant)).toBe(covered);
  });

  test("one grant must cover all of an action: two halves are nothing", () => {
    const principal = caller([
      grant({ tenants: ["acme"], providers: ["mail"] }),
      grant({ tenants: ["shop"], providers: ["console"], namespaces: ["alerts"], actions: ["page"] }),
    ]);
    expect(coversAction(principal, action("acme"))).toBe(false);
    expect(coversAction(principal, action("acme", "alerts", "mail"))).toBe(true);
    expect(coversAction(principal, action("shop"))).toBe(true);
    expect(coversAction(principal, action("shop", "orders"))).toBe(false);
    expect(coversAction(principal, action("shop", "alerts", "console", "other"))).toBe(false);
  });

  test("names have no hierarchy", () => {
    expect(coversScope(caller([grant({ namespaces: ["a"] })]), "acme", "a.b")).toBe(false);
  });

  test("no grants are no access", () => {
    const principal = caller([]);
    expect(coversAction(principal, action("acme"))).toBe(false);
    expect(principal.unrestricted).toBe(false);
    expect(auditScope(principal)).toEqual([]);
  });

  test("who is covered everywhere sees all of the trail, others the union of their grants", () => {
    expect(auditScope(caller([grant({})]))).toBeUndefined();
    expect(auditScope(caller([grant({ tenants: ["a"] }), grant({ tenants: ["b"], namespaces: ["n"] })]))).toEqual([
      { tenants: ["a"], namespaces: ["*"] },
      { tenants: ["b"], namespaces: ["n"] },
    ]);
  });
});

describe("roles", () => {
  const wide = [grant({})];
  const narrow = [grant({ tenants: ["acme"] })];

  test.each([
    ["public", "viewer", narrow, true],
    ["read", "viewer", narrow, true],
    ["act", "viewer", wide, false],
    ["act", "operator", narrow, true],
    ["act", "admin", narrow, true],
    ["read all", "admin", narrow, false],
    ["read all", "viewer", wide, true],
  ] as const)("%s for a %s", (permission, role, grants, allowed) => {
    expect(permits(permission, caller(grants, role))).toBe(allowed);
  });

  test("without authentication everybody is an administrator of everything", () => {
    expect(permits("read all", anonymous) && permits("act", anonymous)).toBe(true);
  });
});
