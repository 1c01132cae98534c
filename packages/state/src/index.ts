export {
  clockFinding,
  failureFinding,
  okFinding,
  quorumDurability,
  quorumFinding,
  roundTripFinding,
} from "./backend-findings.ts";
export { certificateHelp, isCertificateFault } from "./certificate-fault.ts";
export { acquireLock, createDistributedLock, tryAcquireLock } from "./distributed-lock.ts";
export type { AcquireOptions, DistributedLock, LockPorts, TryAcquireOptions } from "./distributed-lock.ts";
export {
  parseDynamoKeys,
  parseRedisKey,
  parseZooKeeperPath,
  toDynamoKeys,
  toRedisKey,
  toZooKeeperPath,
} from "./key-layout.ts";
export type { DynamoKeys } from "./key-layout.ts";
export { KeyMap } from "./key-map.ts";
export type { Keyed } from "./key-map.ts";
export { ProbeTable } from "./probe-table.ts";
export { provableUntilMs } from "./lock-guard.ts";
export { ScopeCache } from "./scope-cache.ts";
export type { LockGuard } from "./lock-guard.ts";
export { LockLostError } from "./lock-lost-error.ts";
export {
  applyOne,
  checkAndSet,
  compareAndSwap,
  deleteKey as delete,
  get,
  getExpiredTimeouts,
  getReadyChains,
  increment,
  indexChainReady,
  indexTimeout,
  removeChainReadyIndex,
  removeTimeoutIndex,
  scanKeys,
  scanKeysByKind,
  set,
} from "./operations.ts";
export type { TakeOptions, WriteOptions } from "./operations.ts";
export { inScanRange, textRanges } from "./scan-range.ts";
export type { ScanRange, TextRange } from "./scan-range.ts";
export { ChangeReader } from "./change-reader.ts";
export { createTicketLock } from "./ticket-lock.ts";
export type { Ticket, TicketLockOptions, TicketQueue } from "./ticket-lock.ts";
export { withSeparateLocks } from "./separate-locks.ts";
export type { SeparateLocksOptions } from "./separate-locks.ts";
export { collapsedHash, hashOfKeyText, keyKinds, parseStateKey, stateKey, stateScope } from "./state-key.ts";
export type { KeyId, KeyKind, StateKey, StateScope } from "./state-key.ts";
export type {
  BackendFinding,
  ConnectionCounts,
  RemoteStateSettings,
  StateBackend,
  StateBackendPorts,
  StateTlsSettings,
} from "./state-backend.ts";
export { noTlsSettings, readTlsFiles } from "./tls-files.ts";
export type { TlsFiles } from "./tls-files.ts";
export { dueIndexes } from "./state-store.ts";
export type {
  ApplyOptions,
  DueIndex,
  Durability,
  Fence,
  GroupResult,
  OperationResult,
  Refusal,
  StateChange,
  StateEntry,
  StateGroup,
  StateOperation,
  StateStore,
  StoredValue,
  Version,
} from "./state-store.ts";
