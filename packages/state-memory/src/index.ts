export { openMemoryState } from "./memory-state-store.ts";
