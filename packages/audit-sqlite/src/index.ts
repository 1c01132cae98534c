export { openSqliteAudit } from "./sqlite-audit-store.ts";
export type { SqliteAuditOptions } from "./sqlite-audit-store.ts";
