export type { EmbeddedStateStore } from "./embedded-state-store.ts";
export { openEmbeddedState } from "./open-embedded-state.ts";
export type { EmbeddedStateOptions } from "./open-embedded-state.ts";
