import type { Principal } from "./principal.ts";

/**
 * What a route asks of a caller's role (`wire-api.md` §24.4). What a caller's grants must cover is asked by the handler,
 * which knows the tenant.
 *
 * - `public`: nothing, not even credentials.
 * - `read`: any role.
 * - `act`: operator or admin.
 * - `read all`: any role, and a grant that covers everything.
 */
export type Permission = "public" | "read" | "act" | "read all";

/** May a caller of this role use a route of this permission? */
export function permits(permission: Permission, { role, unrestricted }: Principal): boolean {
  switch (permission) {
    case "public":
    case "read":
      return true;
    case "act":
      return role !== "viewer";
    case "read all":
      return unrestricted;
  }
}
