export { DataTooNewError } from "./data-too-new-error.ts";
export { openSqliteAudit } from "./sqlite-audit-store.ts";
export type { SqliteAuditOptions } from "./sqlite-audit-store.ts";
