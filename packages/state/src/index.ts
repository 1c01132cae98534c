export * from "./state-key.ts";
export * from "./state-store.ts";
