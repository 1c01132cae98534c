import { flag, integer, later, laterAnything, number, oneOf, secretText, table, text } from "./schema.ts";

const large = Number.MAX_SAFE_INTEGER;
const count = (fallback: number) => integer({ min: 0, max: large, fallback });

const ui = table({
  enabled: later("the admin page", flag(true)),
  dist_path: later("the admin page", text("ui/dist")),
});

const rateLimit = table({
  enabled: later("rate limiting", flag(false)),
  config_path: later("rate limiting", text("ratelimit.toml")),
  on_error: later("rate limiting", oneOf(["allow", "deny"], "allow")),
});

const background = table({
  enabled: later("background processing", flag(false)),
  namespace: later("background processing", text("")),
  tenant: later("background processing", text("")),
  group_flush_interval_seconds: later("grouping", count(5)),
  enable_group_flush: later("grouping", flag(true)),
  timeout_check_interval_seconds: later("state machines", count(10)),
  enable_timeout_processing: later("state machines", flag(true)),
  cleanup_interval_seconds: later("approvals", count(60)),
  enable_approval_retry: later("approvals", flag(true)),
  enable_scheduled_actions: later("scheduled actions", flag(false)),
  scheduled_check_interval_seconds: later("scheduled actions", count(5)),
  enable_recurring_actions: later("recurring actions", flag(false)),
  recurring_check_interval_seconds: later("recurring actions", count(60)),
  max_recurring_actions_per_tenant: later("recurring actions", count(100)),
  enable_retention_reaper: later("retention policies", flag(false)),
  retention_check_interval_seconds: later("retention policies", count(3_600)),
  enable_template_sync: later("templates", flag(true)),
  template_sync_interval_seconds: later("templates", count(30)),
  enable_silence_sync: later("silences", flag(true)),
  silence_sync_interval_seconds: later("silences", count(10)),
  enable_time_interval_sync: later("time intervals", flag(true)),
  time_interval_sync_interval_seconds: later("time intervals", count(30)),
  enable_group_sync: later("grouping", flag(true)),
  group_sync_interval_seconds: later("grouping", count(30)),
});

const chains = table({
  definitions: laterAnything("chains"),
  max_concurrent_advances: later("chains", count(16)),
  completed_chain_ttl_seconds: later("chains", count(604_800)),
});

const circuitBreaker = table({
  enabled: later("the circuit breaker", flag(false)),
  failure_threshold: later("the circuit breaker", count(5)),
  success_threshold: later("the circuit breaker", count(2)),
  recovery_timeout_seconds: later("the circuit breaker", count(60)),
  providers: laterAnything("the circuit breaker"),
});

const quotas = table({
  enabled: later("quotas", flag(true)),
  policies_file: later("quotas", text()),
  watch: later("quotas", flag(true)),
  default_window: later("quotas", text()),
  default_overage_behavior: later("quotas", text()),
});

const templates = table({
  manifest_file: later("templates", text()),
  watch: later("templates", flag(true)),
});

const telemetry = table({
  enabled: later("tracing", flag(false)),
  endpoint: later("tracing", text("http://localhost:4317")),
  protocol: later("tracing", oneOf(["grpc", "http"], "grpc")),
  service_name: later("tracing", text("acteon")),
  sample_ratio: later("tracing", number({ min: 0, max: 1, fallback: 1 })),
  timeout_seconds: later("tracing", count(10)),
  resource_attributes: laterAnything("tracing"),
});

const signing = table({
  enabled: later("signing", flag(false)),
  reject_unsigned: later("signing", flag(false)),
  reject_replay: later("replay protection", flag(false)),
  replay_ttl_seconds: later("replay protection", count(86_400)),
  server_key: later("signing", secretText()),
  server_signer_id: later("signing", text()),
  keyring: laterAnything("signing"),
});

const attachments = table({
  max_inline_bytes: later("the reading of attachments", count(5_242_880)),
  max_attachments_per_action: later("the reading of attachments", count(10)),
});

const llmGuardrail = table({
  enabled: later("the LLM guardrail", flag(false)),
  endpoint: later("the LLM guardrail", text()),
  model: later("the LLM guardrail", text("gpt-4o-mini")),
  api_key: later("the LLM guardrail", secretText()),
  policy: later("the LLM guardrail", text()),
  policies: laterAnything("the LLM guardrail"),
  fail_open: later("the LLM guardrail", flag(false)),
  timeout_seconds: later("the LLM guardrail", count(10)),
  temperature: later("the LLM guardrail", number({ min: 0, max: 2, fallback: 0 })),
  max_tokens: later("the LLM guardrail", count(256)),
});

const embedding = table({
  enabled: later("semantic matching", flag(false)),
  endpoint: later("semantic matching", text()),
  model: later("semantic matching", text()),
  api_key: later("semantic matching", secretText()),
  timeout_seconds: later("semantic matching", count(10)),
  fail_open: later("semantic matching", flag(true)),
  topic_cache_capacity: later("semantic matching", count(10_000)),
  topic_cache_ttl_seconds: later("semantic matching", count(3_600)),
  text_cache_capacity: later("semantic matching", count(1_000)),
  text_cache_ttl_seconds: later("semantic matching", count(60)),
});

const wasm = table({
  enabled: later("WebAssembly plugins", flag(false)),
  plugin_dir: later("WebAssembly plugins", text()),
  default_memory_limit_bytes: later("WebAssembly plugins", count(16 * 2 ** 20)),
  default_timeout_ms: later("WebAssembly plugins", count(100)),
});

const tls = table({
  enabled: later("TLS", flag(false)),
  server: table({
    cert_path: later("TLS", text()),
    key_path: later("TLS", text()),
    client_ca_path: later("TLS", text()),
    min_version: later("TLS", oneOf(["1.2", "1.3"], "1.2")),
  }),
  client: table({
    cert_path: later("TLS", text()),
    key_path: later("TLS", text()),
    ca_bundle_path: later("TLS", text()),
    danger_accept_invalid_certs: later("TLS", flag(false)),
  }),
});

const encryption = table({ enabled: later("encryption at rest", flag(false)) });

/** The sections of `wire-api.md` §28 whose parts are not built yet. What is built moves out of this file. */
export const laterSections = {
  ui,
  rate_limit: rateLimit,
  background,
  chains,
  circuit_breaker: circuitBreaker,
  quotas,
  templates,
  telemetry,
  signing,
  attachments,
  llm_guardrail: llmGuardrail,
  embedding,
  wasm,
  tls,
  encryption,
  compliance: laterAnything("compliance"),
  enrichments: laterAnything("enrichments"),
};
