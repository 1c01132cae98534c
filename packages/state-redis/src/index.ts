export { openRedisState } from "./open-redis-state.ts";
export type { OpenRedisOptions } from "./open-redis-state.ts";
export { redisBackend } from "./redis-backend.ts";
export type { RedisStateStore } from "./redis-state-store.ts";
