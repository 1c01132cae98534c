import type { AuditStore } from "@acteon/audit";
import { openSqliteAudit } from "@acteon/audit-sqlite";

/** For the durability laws, which open the trail in other processes too. */
export function openTrail(path: string): Promise<AuditStore> {
  return openSqliteAudit({ path });
}
