export { describeAuditStore } from "./describe-audit-store.ts";
export { exampleRecord, exampleRecords, recordShape } from "./example-records.ts";
export type { RecordShape } from "./example-records.ts";
export type { AuditSubject, DurableTrail, TrailModule } from "./subject.ts";
