export { backoffMs } from "./backoff.ts";
export { createExecutor } from "./create-executor.ts";
export type { ExecutorOptions } from "./create-executor.ts";
export type {
  AttemptRecord,
  ExecutionResult,
  Executor,
  ProviderCall,
  ProviderHealthView,
  ProviderStats,
} from "./executor-api.ts";
export { defaultExecutorPolicy } from "./executor-policy.ts";
export type { BackoffPolicy, ExecutorPolicy } from "./executor-policy.ts";
