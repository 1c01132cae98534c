export { createMemoryAudit } from "./memory-audit-store.ts";
export type { MemoryAuditOptions } from "./memory-audit-store.ts";
