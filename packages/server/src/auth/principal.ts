import type { AuditRecord, AuditScopeFilter } from "@acteon/audit";
import type { Action } from "@acteon/core";

export type Role = "admin" | "operator" | "viewer";

/** What a caller may touch: all four must match at once (`wire-api.md` §24.4). */
export interface Grant {
  readonly tenants: readonly string[];
  readonly namespaces: readonly string[];
  readonly providers: readonly string[];
  readonly actions: readonly string[];
}

/** Who asks, and what that caller may do. */
export interface Principal {
  /** The name of the API key; empty without authentication. */
  readonly id: string;
  readonly method: AuditRecord["authMethod"];
  readonly role: Role;
  readonly grants: readonly Grant[];
  /** One grant covers everything there is: what most callers have, told without a look at the action. */
  readonly unrestricted: boolean;
}

export function createPrincipal(parts: Omit<Principal, "unrestricted">): Principal {
  return { ...parts, unrestricted: parts.grants.some(coversEverything) };
}

const everything = ["*"];

/** Everybody, where authentication is off: an administrator of everything. */
export const anonymous: Principal = createPrincipal({
  id: "",
  method: "anonymous",
  role: "admin",
  grants: [{ tenants: everything, namespaces: everything, providers: everything, actions: everything }],
});

/** May this caller dispatch this action, by its grants? Its role is the route's matter. */
export function coversAction({ unrestricted, grants }: Principal, action: Action): boolean {
  return (
    unrestricted ||
    grants.some(
      (grant) =>
        coversTenant(grant.tenants, action.tenant ?? "") &&
        coversName(grant.namespaces, action.namespace) &&
        coversName(grant.providers, action.provider) &&
        coversName(grant.actions, action.actionType),
    )
  );
}

/** Does one grant cover this tenant and namespace? */
export function coversScope({ unrestricted, grants }: Principal, tenant: string, namespace: string): boolean {
  return (
    unrestricted ||
    grants.some((grant) => coversTenant(grant.tenants, tenant) && coversName(grant.namespaces, namespace))
  );
}

/** Does any grant cover this tenant, in whatever namespace? */
export function coversTenantSomewhere({ unrestricted, grants }: Principal, tenant: string): boolean {
  return unrestricted || grants.some((grant) => coversTenant(grant.tenants, tenant));
}

/** What of the trail this caller may see; `undefined`: all of it. */
export function auditScope({ unrestricted, grants }: Principal): AuditScopeFilter | undefined {
  return unrestricted ? undefined : grants.map(({ tenants, namespaces }) => ({ tenants, namespaces }));
}

/** `*`, the tenant itself, or one above it: `acme` covers `acme.eu`, not `acmecorp` (guarantees K2). */
function coversTenant(patterns: readonly string[], tenant: string): boolean {
  return patterns.some((pattern) => pattern === "*" || pattern === tenant || tenant.startsWith(`${pattern}.`));
}

function coversName(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => pattern === "*" || pattern === name);
}

function coversEverything({ tenants, namespaces, providers, actions }: Grant): boolean {
  return [tenants, namespaces, providers, actions].every((patterns) => patterns.includes("*"));
}
