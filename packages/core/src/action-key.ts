import type { ActionId, Namespace, TenantId } from "./ids.ts";
import { encodeComponent } from "./key-component.ts";

/** The identity of an action (guarantees G5); every `Action` is one. Two arrivals of it never run at the same time (G7). */
export interface ActionKey {
  readonly namespace: Namespace;
  /** Absent only in the library; over HTTP it is required. */
  readonly tenant: TenantId | undefined;
  readonly id: ActionId;
  /** `""` and none are two identities. */
  readonly discriminator: string | undefined;
}

/** The canonical text of an identity, and the name of its lock: `v1/lock/<namespace>/<tenant>/<id>/<discriminator>` (guarantees K1). */
export function lockKey({ namespace, tenant, id, discriminator }: ActionKey): string {
  return `v1/lock/${encodeComponent(namespace)}/${encodeComponent(tenant)}/${encodeComponent(id)}/${encodeComponent(discriminator)}`;
}
