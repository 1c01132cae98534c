import type { AuditStore } from "@acteon/audit";
import { unreachable } from "@acteon/core";
import type { AuditConfig } from "../config/config.ts";

/**
 * Opens the configured trail; its package is imported now.
 * @throws {ActeonError} `audit_unavailable`, `data_too_new`, `data_damaged`.
 */
export async function openAudit(config: Exclude<AuditConfig, { kind: "off" }>): Promise<AuditStore> {
  switch (config.kind) {
    case "memory": {
      const { createMemoryAudit } = await import("@acteon/audit-memory");
      return createMemoryAudit();
    }
    case "sqlite": {
      const { openSqliteAudit } = await import("@acteon/audit-sqlite");
      return openSqliteAudit({ path: config.path, sync: config.sync });
    }
    default:
      return unreachable(config);
  }
}
