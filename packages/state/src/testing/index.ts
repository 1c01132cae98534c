export { checkGroups } from "./check-groups.ts";
export { createFaultyStore } from "./faulty-store.ts";
export type { FaultPlan, FaultyClient, FaultyStore } from "./faulty-store.ts";
