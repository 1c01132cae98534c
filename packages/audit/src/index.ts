export * from "./audit-record.ts";
export * from "./audit-store.ts";
export * from "./audit-writer.ts";
