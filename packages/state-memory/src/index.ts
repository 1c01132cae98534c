export { MemoryStateStore, openMemoryState } from "./memory-state-store.ts";
