export { checkGroups } from "./check-groups.ts";
export { remoteSettings } from "./remote-settings.ts";
export { createFaultyStore } from "./faulty-store.ts";
export type { FaultPlan, FaultyClient, FaultyStore } from "./faulty-store.ts";
