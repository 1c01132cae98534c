import type { StateBackend } from "@acteon/state";
import { inspect } from "./inspect.ts";
import { migrateStore, openStore } from "./open-postgres-state.ts";

export const postgresBackend: StateBackend = {
  name: "postgres",
  open: openStore,
  inspect,
  async *migrate(settings, ports) {
    yield* await migrateStore(settings, ports);
  },
};
