export { migratePostgresState, openPostgresState } from "./open-postgres-state.ts";
export type { PostgresStateOptions } from "./open-postgres-state.ts";
export { postgresBackend } from "./postgres-backend.ts";
export { PostgresStateStore } from "./postgres-state-store.ts";
