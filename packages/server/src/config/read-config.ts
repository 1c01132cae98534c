import { join } from "node:path";
import type { Diagnostic } from "@acteon/core";
import { acteonSchema } from "./acteon-schema.ts";
import { boundsOf } from "./bounds.ts";
import { checkTogether } from "./check-together.ts";
import type { AuditConfig, Config } from "./config.ts";
import type { Environment } from "./environment.ts";
import { maskedText } from "./masked-text.ts";
import type { PlacedProvider } from "./provider-settings.ts";
import { readProviders } from "./provider-settings.ts";
import type { Flags } from "./reader.ts";
import { ConfigReader } from "./reader.ts";
import type { Infer } from "./schema.ts";
import { storeOf } from "./store-config.ts";
import type { TomlDocument } from "./toml-document.ts";
import { isTomlTable, parseToml } from "./toml-document.ts";

export interface ConfigSources {
  /** The name under which problems are told. */
  readonly file: string;
  /** The file's text; empty when there is none, which means defaults. */
  readonly text: string;
  readonly environment: Environment;
  /** What the command line sets. */
  readonly flags?: Flags;
  /** `--insecure-no-auth`: listen on other than loopback addresses without authentication (guarantees S1). */
  readonly insecureNoAuth?: boolean;
}

/** What the sources say, and all that is wrong with it; the settings of providers are left to the providers. */
export interface ConfigDraft {
  /** Fallbacks stand where a diagnostic says what is wrong; of use only without diagnostics. */
  readonly config: Config;
  readonly providers: readonly PlacedProvider[];
  /** Absent when the text is no TOML. */
  readonly document: TomlDocument | undefined;
  /** Names, never values (guarantees §8 row 65). */
  readonly diagnostics: readonly Diagnostic[];
  /** The file's text with whatever may be a secret starred out, to be shown around the diagnostics. */
  readonly shownText: string;
}

/** Pure; never throws. */
export function readConfig({ file, text, environment, flags, insecureNoAuth = false }: ConfigSources): ConfigDraft {
  const toml = parseToml(text, file);
  if (toml.kind === "rejected") {
    const defaults = readConfig({ file, text: "", environment: {} });
    return {
      ...defaults,
      document: undefined,
      diagnostics: toml.diagnostics,
      shownText: maskedText(text, [], new Set()),
    };
  }
  const { document } = toml;
  const reader = new ConfigReader({ document, environment, flags });
  const raw = reader.read(acteonSchema);
  const providers = readProviders(reader);
  reader.reportUnusedOverrides();
  checkTogether(raw, reader, { insecureNoAuth });
  return {
    config: configOf(raw, providers, reader),
    providers,
    document,
    diagnostics: inReadingOrder(reader.diagnostics, file),
    shownText: maskedText(text, document.places, reader.shown),
  };
}

/** As they stand in the file; what is in no file comes last. */
export function inReadingOrder(diagnostics: readonly Diagnostic[], file: string): readonly Diagnostic[] {
  const rank = ({ span }: Diagnostic): number => (span.file === file ? span.start.offset : Number.POSITIVE_INFINITY);
  return diagnostics.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

/** The values of `acteon.toml` by the names of its keys. */
export type RawConfig = Infer<typeof acteonSchema>;

function configOf(raw: RawConfig, providers: readonly PlacedProvider[], reader: ConfigReader): Config {
  const { server, state, lock, rules, executor, outbound, auth, observability } = raw;
  return {
    server: {
      host: server.host,
      port: server.port,
      workers: server.workers,
      externalUrl: server.external_url,
      corsAllowedOrigins: server.cors_allowed_origins,
      trustedProxies: server.trusted_proxies,
      startupMs: server.startup_ms,
      drainDelayMs: server.drain_delay_ms,
      drainMs: server.shutdown_timeout_seconds * 1_000,
    },
    http: {
      maxBodyBytes: server.max_body_bytes,
      maxBufferedBytes: server.max_buffered_bytes,
      maxBatchActions: server.max_batch_actions,
      maxStreamActions: server.max_stream_actions,
      maxJsonDepth: server.max_json_depth,
      maxJsonNodes: server.max_json_nodes,
      maxHeaderBytes: server.max_header_bytes,
      maxHeaders: server.max_headers,
      maxConnections: server.max_connections,
      maxDeadlineMs: server.max_deadline_ms,
      headersTimeoutMs: server.headers_timeout_ms,
      bodyTimeoutMs: server.body_timeout_ms,
      writeTimeoutMs: server.write_timeout_ms,
      streamIdleMs: server.stream_idle_ms,
      keepAliveMs: server.keep_alive_ms,
    },
    state: { require: state.require, ...storeOf(state.backend, state) },
    lock: lock.backend === undefined ? undefined : storeOf(lock.backend, lock),
    gateway: {
      leaseMs: lock.lease_ms,
      waitMs: lock.wait_ms,
      maxInFlight: server.max_concurrent_dispatch,
      maxWaitersPerIdentity: server.max_identity_waiters,
      maxSliceActions: server.max_slice_actions,
      maxCallsInFlight: state.max_calls_in_flight,
      maxOperationsPerCall: state.max_operations_per_call,
      maxGroupsPerCall: state.max_groups_per_call,
      maxCallChars: state.max_call_chars,
      storeTimeoutMs: state.call_timeout_ms,
      idempotencyTtlMs: server.idempotency_ttl_seconds * 1_000,
      maxHoldMs: state.max_hold_ms,
      maxPendingAudit: raw.audit.max_pending,
    },
    rules: {
      directory: rules.directory,
      data: rules.data,
      defaultTimezone: rules.default_timezone,
      watch: rules.watch,
    },
    executor: {
      maxRetries: executor.max_retries,
      backoff: { baseMs: executor.base_backoff_ms, capMs: executor.max_backoff_ms },
      attemptTimeoutMs: executor.timeout_seconds * 1_000,
      totalTimeoutMs: executor.total_timeout_ms,
      maxConcurrent: executor.max_concurrent,
      maxWaiting: executor.max_waiting,
    },
    outbound: {
      connectTimeoutMs: outbound.connect_timeout_ms,
      firstByteTimeoutMs: outbound.first_byte_timeout_ms,
      maxReplyBytes: outbound.max_reply_bytes,
      maxConnections: outbound.max_connections,
      maxRequests: outbound.max_requests,
    },
    audit: auditOf(raw, isTomlTable(reader.document.root["audit"])),
    auth: auth.enabled
      ? {
          kind: "keys",
          path: auth.config_path,
          watch: auth.watch,
          maxFailuresPerMinute: auth.max_failures_per_minute,
          maxTrackedFailures: auth.max_tracked_failures,
        }
      : { kind: "none" },
    observability: { metrics: observability.metrics_enabled, logLevel: observability.log_level },
    providers: providers.map(({ provider }) => provider),
    origins: reader.origins,
    bounds: boundsOf(acteonSchema.fields, raw),
  };
}

const thirtyDaysMs = 30 * 86_400_000;

/** @param written The file has an `[audit]` section: records are then kept for good unless it says how long. */
function auditOf({ audit, state }: RawConfig, written: boolean): AuditConfig {
  if (!audit.enabled) return { kind: "off" };
  const unsaidTtlMs = written ? undefined : thirtyDaysMs;
  const keeping = {
    mode: audit.mode,
    buffer: {
      maxBuffered: audit.buffer_rows,
      maxBufferedBytes: audit.buffer_bytes,
      maxBatch: audit.batch_rows,
      maxDelayMs: audit.batch_delay_ms,
      maxFlushMs: audit.flush_ms,
    },
    ttlMs: audit.ttl_seconds === undefined ? unsaidTtlMs : audit.ttl_seconds * 1_000,
    cleanupIntervalMs: audit.cleanup_interval_seconds * 1_000,
  };
  const backend = audit.backend ?? (state.backend === "memory" ? "memory" : "sqlite");
  return backend === "memory"
    ? { kind: "memory", ...keeping }
    : { kind: "sqlite", ...keeping, path: audit.path ?? join(state.path, "audit.db"), sync: state.sync };
}
