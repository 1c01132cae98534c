import { redisWith, remoteBackends } from "../../tools/backends/remote-backends.ts";
import type { RemoteBackend } from "../../tools/backends/remote-backend.ts";

/**
 * Redis writes its log to the disk every second, as it does unless told otherwise; `redis.sync` before each answer. The others
 * have nothing between.
 */
export const measuredBackends: readonly RemoteBackend[] = [
  redisWith("redis", { appendfsync: "everysec" }),
  redisWith("redis.sync", { appendfsync: "always" }),
  ...remoteBackends.filter(({ name }) => name !== "redis"),
];
