import { laterSections } from "./later-schema.ts";
import { flag, integer, later, laterAnything, oneOf, open, secretText, table, text, textList } from "./schema.ts";
import { remoteBackends, remoteStoreKeys } from "./store-schema.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const server = table({
  host: text("127.0.0.1"),
  /** 0 takes a free one. */
  port: integer({ min: 0, max: 65_535, fallback: 8_080 }),
  grpc_port: later("gRPC", integer({ min: 0, max: 65_535, fallback: 9_090 })),
  workers: integer({ min: 1, max: 256, fallback: 1 }),
  external_url: text(),
  cors_allowed_origins: textList(),
  /** Addresses or networks whose `X-Forwarded-For` is believed (guarantees §8 row 46). */
  trusted_proxies: textList(),

  max_concurrent_dispatch: integer({ min: 1, max: 1_000_000, fallback: 5_000, bounds: "dispatches in flight" }),
  max_batch_actions: integer({ min: 1, max: 100_000, fallback: 1_000, bounds: "actions in one array" }),
  max_body_bytes: integer({
    min: 1_024,
    max: 2 ** 30,
    fallback: 2 * 2 ** 20,
    bounds: "a request body, decoded; one line of a stream",
  }),
  max_buffered_bytes: integer({
    min: 2 ** 20,
    max: 2 ** 40,
    fallback: 256 * 2 ** 20,
    bounds: "bodies held at one time, over all connections",
  }),
  max_json_depth: integer({ min: 1, max: 1_000, fallback: 128, bounds: "levels of a JSON body" }),
  max_json_nodes: integer({ min: 1, max: 10_000_000, fallback: 100_000, bounds: "values in a JSON body" }),
  max_header_bytes: integer({ min: 1_024, max: 2 ** 20, fallback: 16 * 1_024, bounds: "all headers of a request" }),
  max_headers: integer({ min: 10, max: 2_000, fallback: 100, bounds: "headers of a request" }),
  max_connections: integer({ min: 1, max: 1_000_000, fallback: 10_000, bounds: "open connections" }),
  max_stream_actions: integer({
    min: 1,
    max: 100_000,
    fallback: 512,
    bounds: "actions of one NDJSON stream in flight",
  }),
  max_identity_waiters: integer({
    min: 1,
    max: 1_000_000,
    fallback: 1_000,
    bounds: "dispatches waiting for one identity",
  }),
  max_slice_actions: integer({
    min: 1,
    max: 10_000,
    fallback: 128,
    bounds: "actions planned in one turn of the event loop",
  }),
  max_deadline_ms: integer({ min: 1, max: day, fallback: hour, bounds: "the deadline that a request may give" }),
  headers_timeout_ms: integer({
    min: 100,
    max: 10 * minute,
    fallback: 10 * second,
    bounds: "wait for the headers of a request",
  }),
  body_timeout_ms: integer({ min: 100, max: hour, fallback: 30 * second, bounds: "wait for a whole body" }),
  write_timeout_ms: integer({
    min: 100,
    max: hour,
    fallback: 30 * second,
    bounds: "wait for a client to take its answer",
  }),
  stream_idle_ms: integer({
    min: 100,
    max: day,
    fallback: minute,
    bounds: "wait for progress of a stream, either way",
  }),
  keep_alive_ms: integer({ min: 0, max: hour, fallback: 65 * second, bounds: "idle connection kept open" }),
  idempotency_ttl_seconds: integer({
    min: 1,
    max: 366 * 86_400,
    fallback: 86_400,
    bounds: "answer kept under an Idempotency-Key",
  }),
  startup_ms: integer({ min: 100, max: hour, fallback: 30 * second, bounds: "wait for the store at start" }),
  drain_delay_ms: integer({
    min: 0,
    max: 10 * minute,
    fallback: second,
    bounds: "still serving, not ready, at shutdown",
  }),
  shutdown_timeout_seconds: integer({
    min: 0,
    max: 3_600,
    fallback: 30,
    bounds: "wait for work in flight at shutdown",
  }),

  max_sse_connections_per_tenant: later("event streaming", integer({ min: 1, max: 100_000, fallback: 10 })),
  approval_secret: later("approvals", secretText()),
  approval_keys: laterAnything("approvals"),
});

const state = table({
  backend: oneOf(["embedded", "memory", ...remoteBackends], "embedded"),
  /** Of embedded state; beside a store on another machine, of the audit trail. */
  path: text("./data"),
  sync: flag(false),
  /** The weakest class that will do (guarantees §4). */
  require: oneOf(["host", "strong"], undefined),
  memory_sweep_interval_secs: later("a sweep interval", integer({ min: 1, max: 86_400, fallback: 60 })),
  max_calls_in_flight: integer({ min: 1, max: 64, fallback: 2, bounds: "calls to the store in flight" }),
  max_operations_per_call: integer({
    min: 1,
    max: 100_000,
    fallback: 1_000,
    bounds: "operations in one call to the store",
  }),
  max_groups_per_call: integer({ min: 1, max: 10_000, fallback: 128, bounds: "groups in one call to the store" }),
  max_call_chars: integer({ min: 1_024, max: 2 ** 26, fallback: 2 ** 20, bounds: "text in one call to the store" }),
  max_hold_ms: integer({ min: second, max: 7 * day, fallback: hour, bounds: "claim kept on a store that may forget" }),
  ...remoteStoreKeys,
});

const lock = table({
  lease_ms: integer({ min: 500, max: 600_000, fallback: 30 * second, bounds: "lease of an action's lock" }),
  wait_ms: integer({ min: 0, max: 10 * minute, fallback: 5 * second, bounds: "wait for an action's lock" }),
  /** Unset: locks are in the state store. */
  backend: oneOf(["embedded", "memory", ...remoteBackends], undefined),
  path: text("./data/locks"),
  sync: flag(false),
  ...remoteStoreKeys,
});

const rules = table({
  directory: text(),
  default_timezone: text("UTC"),
  watch: flag(true),
  /** Files with what rules read as `data.…`, each by its name. */
  data: textList(),
});

const executor = table({
  /** Beyond the first attempt. */
  max_retries: integer({ min: 0, max: 100, fallback: 3, bounds: "attempts beyond the first" }),
  timeout_seconds: integer({ min: 1, max: 3_600, fallback: 30, bounds: "one attempt" }),
  total_timeout_ms: integer({
    min: 1,
    max: day,
    fallback: 180 * second,
    bounds: "all attempts of one execution, with the waits between",
  }),
  max_concurrent: integer({ min: 1, max: 100_000, fallback: 10, bounds: "calls to one provider in flight" }),
  max_waiting: integer({ min: 0, max: 10_000_000, fallback: 10_000, bounds: "executions waiting for one provider" }),
  base_backoff_ms: integer({ min: 1, max: hour, fallback: 100, bounds: "first wait between attempts" }),
  max_backoff_ms: integer({ min: 1, max: day, fallback: 30 * second, bounds: "longest wait between attempts" }),
  /** Dead letters are always kept (`wire-api.md` §5.5): either value is taken, for the sake of existing files. */
  dlq_enabled: flag(true),
});

/** The one way out for providers that speak HTTP. */
const outbound = table({
  connect_timeout_ms: integer({
    min: 10,
    max: hour,
    fallback: 10 * second,
    bounds: "name, connection and TLS of an outbound call",
  }),
  first_byte_timeout_ms: integer({ min: 10, max: hour, fallback: 30 * second, bounds: "wait for the head of a reply" }),
  max_reply_bytes: integer({ min: 1_024, max: 2 ** 30, fallback: 2 ** 20, bounds: "a reply, decoded" }),
  max_connections: integer({ min: 1, max: 100_000, fallback: 64, bounds: "connections to one endpoint" }),
  max_requests: integer({
    min: 1,
    max: 1_000_000,
    fallback: 4_096,
    bounds: "requests to one endpoint under way or waiting",
  }),
});

const remoteTrails = {
  postgres: "the postgres audit backend",
  clickhouse: "the clickhouse audit backend",
  elasticsearch: "the elasticsearch audit backend",
  dynamodb: "the dynamodb audit backend",
};

const audit = table({
  enabled: flag(true),
  /** Without it: `memory` beside memory state, else `sqlite` in `state.path`. */
  backend: oneOf(["sqlite", "memory"], undefined, remoteTrails),
  path: text(),
  mode: oneOf(["best_effort", "required"], "best_effort"),
  buffer_rows: integer({ min: 100, max: 10_000_000, fallback: 100_000, bounds: "records waiting for the trail" }),
  buffer_bytes: integer({ min: 2 ** 20, max: 2 ** 34, fallback: 2 ** 28, bounds: "bytes waiting for the trail" }),
  batch_rows: integer({ min: 1, max: 100_000, fallback: 4_000, bounds: "records in one append" }),
  batch_delay_ms: integer({ min: 1, max: minute, fallback: 40, bounds: "wait of a record for others" }),
  flush_ms: integer({ min: 100, max: 10 * minute, fallback: 5 * second, bounds: "wait for the trail at shutdown" }),
  max_pending: integer({ min: 1, max: 10_000_000, fallback: 100_000, bounds: "outcomes not yet in a required trail" }),
  ttl_seconds: integer({ min: 1, max: 100 * 366 * 86_400 }),
  cleanup_interval_seconds: integer({ min: 1, max: 30 * 86_400, fallback: 3_600 }),
  store_payload: later("an audit trail without payloads", flag(true)),
  redact: table({
    enabled: later("redaction in the audit trail", flag(false)),
    fields: later("redaction in the audit trail", textList()),
    placeholder: later("redaction in the audit trail", text("[REDACTED]")),
  }),
  url: later("a remote audit backend", secretText()),
  prefix: later("a remote audit backend", text("acteon_")),
  region: later("a remote audit backend", text()),
  table_name: later("a remote audit backend", text()),
  ssl_mode: later("a remote audit backend", text()),
  ssl_root_cert: later("a remote audit backend", text()),
  ssl_cert: later("a remote audit backend", text()),
  ssl_key: later("a remote audit backend", text()),
});

const auth = table({
  enabled: flag(false),
  config_path: text("auth.toml"),
  watch: flag(true),
  max_failures_per_minute: integer({
    min: 1,
    max: 1_000_000,
    fallback: 30,
    bounds: "wrong credentials of one address, or for one key id",
  }),
  max_tracked_failures: integer({
    min: 100,
    max: 10_000_000,
    fallback: 10_000,
    bounds: "addresses and key ids with wrong credentials remembered",
  }),
});

const observability = table({
  metrics_enabled: flag(true),
  tracing_enabled: later("tracing", flag(false)),
  log_level: oneOf(["trace", "debug", "info", "warn", "error"], "info"),
});

/** Every key of `acteon.toml`: those of the design document, of `wire-api.md` §28, and the bounds of guarantees O1. */
export const acteonSchema = table({
  server,
  state,
  lock,
  rules,
  executor,
  outbound,
  audit,
  auth,
  observability,
  providers: open,
  ...laterSections,
});
