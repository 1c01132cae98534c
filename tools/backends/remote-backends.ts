import type { RemoteBackend } from "./remote-backend.ts";

/** Every backend on other machines, with a server as tests and benchmarks start it. */
export const remoteBackends: readonly RemoteBackend[] = [];
