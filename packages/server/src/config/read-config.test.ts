import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { acteonSchema } from "./acteon-schema.ts";
import type { ConfigSources } from "./read-config.ts";
import { readConfig } from "./read-config.ts";
import type { Fields } from "./schema.ts";

function read(text: string, sources: Partial<ConfigSources> = {}) {
  return readConfig({ file: "acteon.toml", text, environment: {}, ...sources });
}

/** `line: summary` of each problem. */
function problems(text: string, sources: Partial<ConfigSources> = {}): readonly string[] {
  return read(text, sources).diagnostics.map(({ span, summary, help }) => {
    const where = span.file === "acteon.toml" ? String(span.start.line) : span.file;
    return `${where}: ${summary}${help === undefined ? "" : ` (${help})`}`;
  });
}

describe("without a file", () => {
  const { config, diagnostics } = read("");

  test("everything has a default: loopback, embedded state, SQLite trail", () => {
    expect(diagnostics).toEqual([]);
    expect(config.server).toMatchObject({ host: "127.0.0.1", port: 8080, workers: 1, drainMs: 30_000 });
    expect(config.state).toEqual({
      kind: "embedded",
      path: "./data",
      sync: false,
      require: undefined,
    });
    expect(config.audit).toMatchObject({
      kind: "sqlite",
      path: "data/audit.db",
      mode: "best_effort",
      ttlMs: 30 * 86_400_000,
    });
    expect(config.auth).toEqual({ kind: "none" });
    expect(config.rules).toEqual({ directory: undefined, data: [], defaultTimezone: "UTC", watch: true });
  });

  test("O1: every queue, buffer, batch, wait and payload has a bound with a name", () => {
    const names = config.bounds.map(({ key }) => key);
    expect(config.bounds.every(({ value }) => Number.isFinite(value))).toBe(true);
    expect(names).toEqual(
      expect.arrayContaining([
        "server.max_concurrent_dispatch",
        "server.max_batch_actions",
        "server.max_body_bytes",
        "server.max_buffered_bytes",
        "server.max_json_depth",
        "server.max_json_nodes",
        "server.max_header_bytes",
        "server.max_headers",
        "server.max_connections",
        "server.max_stream_actions",
        "server.max_identity_waiters",
        "server.headers_timeout_ms",
        "server.body_timeout_ms",
        "server.write_timeout_ms",
        "server.stream_idle_ms",
        "server.keep_alive_ms",
        "server.startup_ms",
        "server.drain_delay_ms",
        "server.shutdown_timeout_seconds",
        "state.call_timeout_ms",
        "state.pool.max_connections",
        "state.max_hold_ms",
        "lock.lease_ms",
        "lock.wait_ms",
        "executor.max_retries",
        "executor.timeout_seconds",
        "executor.total_timeout_ms",
        "executor.max_concurrent",
        "executor.max_waiting",
        "audit.buffer_rows",
        "audit.max_pending",
        "auth.max_failures_per_minute",
        "auth.max_tracked_failures",
      ]),
    );
  });

  test("O1: no number that bounds something hides without saying so", () => {
    const unnamed = numbers(acteonSchema.fields, "").filter((key) => !config.bounds.some((bound) => bound.key === key));
    // A port, a count of processes, connections that are kept and an interval bound nothing.
    expect(unnamed).toEqual([
      "server.port",
      "server.workers",
      "state.pool.min_connections",
      "lock.pool.min_connections",
      "audit.cleanup_interval_seconds",
    ]);
  });
});

/** Keys of built parts that hold a number. */
function numbers(fields: Fields, path: string): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (field.shape === "table") return numbers(field.fields, `${path}${name}.`);
    return field.shape === "key" && typeof field.fallback === "number" && field.later === undefined
      ? [path + name]
      : [];
  });
}

describe("a file", () => {
  test("the design document's own is known key by key; what is not built yet is refused by name and line", () => {
    const text = `[state]
backend = "redis"
url = "redis://localhost:6379"
prefix = "acteon"

[state.pool]
min_connections = 5
max_connections = 20

[rules]
directory = "./rules"
watch = true  # Hot reload on changes

[providers.slack]
enabled = true
token = "\${SLACK_TOKEN}"
default_channel = "#alerts"

[executor]
max_retries = 3
base_backoff_ms = 100
max_backoff_ms = 30000

[server]
host = "127.0.0.1"
port = 8080
grpc_port = 9090

[observability]
metrics_enabled = true
tracing_enabled = true
log_level = "info"
`;
    expect(problems(text, { environment: { SLACK_TOKEN: "x" } })).toEqual([
      "31: observability.tracing_enabled: tracing is not built yet (remove observability.tracing_enabled)",
    ]);
  });

  test("row 65: every problem is told at once, with its line", () => {
    const text = `[server]
port = 70000
hots = "127.0.0.1"
workers = "many"
headers_timeout_ms = "10s"

[sate]
backend = "memory"

[audit]
mode = "requird"

[providers.hook]
type = "webhook"
url = "\${HOOK_URL}"
`;
    expect(problems(text)).toEqual([
      "2: server.port must be a whole number from 0 to 65535",
      "3: unknown key `hots` in [server] (did you mean `host`?)",
      "4: server.workers must be a whole number from 1 to 256",
      "5: server.headers_timeout_ms must be a whole number from 100 to 600000",
      "7: unknown key `sate` (did you mean `state`?)",
      '11: audit.mode must be one of best_effort, required (did you mean "required"?)',
      "15: the environment variable HOOK_URL is not set (set HOOK_URL, or give a default: ${HOOK_URL:-…})",
    ]);
  });

  test("a value that stands for nothing is let through, for the sake of files that spell out their defaults", () => {
    const text = `[tls]
enabled = false
[circuit_breaker]
enabled = false
failure_threshold = 5
[chains]
definitions = []
[background]
enabled = false
group_flush_interval_seconds = 5
[telemetry]
resource_attributes = {}
`;
    expect(problems(text)).toEqual([]);
  });

  test.each([
    ["[tls]\nenabled = true", "2: tls.enabled: TLS is not built yet (remove tls.enabled)"],
    [
      "[encryption]\nenabled = true",
      "2: encryption.enabled: encryption at rest is not built yet (remove encryption.enabled)",
    ],
    [
      '[[chains.definitions]]\nname = "x"',
      "1: chains.definitions: chains is not built yet (remove chains.definitions)",
    ],
    [
      "[rate_limit]\nenabled = true",
      "2: rate_limit.enabled: rate limiting is not built yet (remove rate_limit.enabled)",
    ],
    ['[[enrichments]]\nname = "x"', "1: enrichments: enrichments is not built yet (remove enrichments)"],
  ])("%j is refused by name and line", (text, expected) => {
    expect(problems(text)).toEqual([expected]);
  });

  test("text that is no TOML is told with its place", () => {
    expect(problems("[server]\nport = \n")).toEqual(["2: not valid TOML: invalid value"]);
  });

  test("a key that would reach a prototype is refused", () => {
    expect(read("__proto__ = 1").diagnostics).toHaveLength(1);
  });
});

describe("the environment", () => {
  test("${NAME} stands in any text, and for a number where a number is meant", () => {
    const { config, diagnostics } = read('[server]\nport = "${PORT:-9000}"\nexternal_url = "https://${HOST}"', {
      environment: { HOST: "acteon.example" },
    });
    expect(diagnostics).toEqual([]);
    expect(config.server).toMatchObject({ port: 9000, externalUrl: "https://acteon.example" });
  });

  test("ACTEON_SECTION__KEY overrides the file, and a flag overrides both", () => {
    const text = '[server]\nport = 1\nhost = "localhost"\n';
    const environment = { ACTEON_SERVER__PORT: "2", ACTEON_STATE__BACKEND: "memory" };
    const flags = new Map([["server.port", { flag: "--port", text: "3" }]]);
    const overridden = read(text, { environment }).config;
    expect(overridden.server.port).toBe(2);
    expect(overridden.state.kind).toBe("memory");
    const flagged = read(text, { environment, flags }).config;
    expect(flagged.server.port).toBe(3);
    expect(
      Object.fromEntries([...flagged.origins].filter(([key]) => /^server\.(port|host|workers)$/.test(key))),
    ).toEqual({
      "server.port": { kind: "flag", flag: "--port" },
      "server.host": { kind: "file", file: "acteon.toml", line: 3 },
      "server.workers": { kind: "default" },
    });
    expect(overridden.origins.get("server.port")).toEqual({ kind: "environment", variable: "ACTEON_SERVER__PORT" });
  });

  test("an override that overrides nothing is refused with a suggestion", () => {
    expect(problems("", { environment: { ACTEON_SERVER__PROT: "1" } })).toEqual([
      "environment variable ACTEON_SERVER__PROT: ACTEON_SERVER__PROT overrides no key (did you mean ACTEON_SERVER__PORT?)",
    ]);
  });

  test("a wrong override is blamed on its variable", () => {
    expect(problems("", { environment: { ACTEON_SERVER__PORT: "eighty" } })).toEqual([
      "environment variable ACTEON_SERVER__PORT: server.port must be a whole number from 0 to 65535",
    ]);
  });
});

describe("providers", () => {
  test("either spelling gives the same settings", () => {
    const asTables = read('[providers.hook]\ntype = "webhook"\nurl = "http://localhost/"\nheaders = { a = "b" }');
    const asList = read(
      '[[providers]]\nname = "hook"\ntype = "webhook"\nurl = "http://localhost/"\n[providers.headers]\na = "b"',
    );
    for (const { config, diagnostics } of [asTables, asList]) {
      expect(diagnostics).toEqual([]);
      const [provider] = config.providers;
      expect(provider).toMatchObject({ name: "hook", type: "webhook" });
      expect(JSON.parse(provider?.settings.reveal() ?? "")).toEqual({ url: "http://localhost/", headers: { a: "b" } });
    }
  });

  test("the type is the name unless given, and a disabled one is not there", () => {
    const { config } = read("[providers.console]\n[providers.webhook]\nenabled = false");
    expect(config.providers.map(({ name, type }) => [name, type])).toEqual([["console", "console"]]);
  });

  test("settings are overridden by the provider's name, as text until the provider says what it wants", () => {
    const { config } = read(
      '[[providers]]\nname = "ops-hook"\ntype = "webhook"\ntimeout_seconds = 3\nx = { a = "${A}" }',
      {
        environment: {
          A: "1",
          ACTEON_PROVIDERS__OPS_HOOK__URL: "https://a.example",
          ACTEON_PROVIDERS__OPS_HOOK__TIMEOUT_SECONDS: "5",
        },
      },
    );
    const [provider] = config.providers;
    expect(JSON.parse(provider?.settings.reveal() ?? "")).toEqual({
      timeout_seconds: "5",
      url: "https://a.example",
      x: { a: "1" },
    });
    expect(provider?.fromEnvironment).toEqual(["/x/a", "/timeout_seconds", "/url"]);
  });

  test("one that is off needs none of its variables; a variable can switch it on", () => {
    const text = '[providers.hook]\nenabled = false\ntype = "webhook"\nurl = "${HOOK_URL}"';
    expect(problems(text)).toEqual([]);
    const { config } = read(text, { environment: { ACTEON_PROVIDERS__HOOK__ENABLED: "true", HOOK_URL: "x" } });
    expect(config.providers).toHaveLength(1);
  });

  test("settings never show, wherever the configuration is printed", () => {
    const { config } = read('[providers.hook]\ntype = "webhook"\nurl = "https://user:hunter2@a.example"');
    expect(JSON.stringify(config)).not.toContain("hunter2");
  });

  test.each([
    ['[[providers]]\ntype = "console"', ["1: providers[0].name is missing"]],
    ['[[providers]]\nname = "a"\n[[providers]]\nname = "a"', ["3: two providers are named `a`"]],
    ["providers = 3", ["1: providers must be tables: write [providers.NAME] for each"]],
    ["[providers.a]\ntype = 3", ["2: providers.a.type must be text"]],
  ])("%j is refused", (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });
});

describe("what only several keys tell", () => {
  test.each(["0.0.0.0", "::", "10.0.0.1", "acteon.example"])("S1: no start on %s without authentication", (host) => {
    const text = `[server]\nhost = "${host}"`;
    expect(problems(text)).toEqual([
      "2: no authentication on an address that other machines reach (set auth.enabled = true and add a key to auth.toml, or start with --insecure-no-auth)",
    ]);
    expect(problems(text, { insecureNoAuth: true })).toEqual([]);
    expect(problems(`${text}\n[auth]\nenabled = true`)).toEqual([]);
  });

  test.each(["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost"])("S1: %s is this machine alone", (host) => {
    expect(problems(`[server]\nhost = "${host}"`)).toEqual([]);
  });

  test.each([
    ['[server]\nworkers = 2\n[state]\nbackend = "memory"', /^2: several workers cannot share state/],
    ['[server]\nworkers = 2\n[audit]\nbackend = "memory"', /^2: several workers cannot share an audit trail/],
    ['[lock]\nbackend = "memory"', /^2: locks in the memory of one process do not keep others/],
    ['[state]\nbackend = "memory"\n[audit]\nmode = "required"', /^4: a required audit trail needs state/],
    ["[server]\nmax_buffered_bytes = 1048576", /^2: server.max_buffered_bytes holds not even one/],
    ["[executor]\nbase_backoff_ms = 10\nmax_backoff_ms = 5", /^2: executor.base_backoff_ms is longer/],
    ['[rules]\ndata = ["windows.json"]', /^2: rules.data is for the rules of rules.directory, and there is none/],
    ['[rules]\ndefault_timezone = "Mars/Olympus"', /^2: rules.default_timezone is not a time zone/],
    ['[server]\ntrusted_proxies = ["10.0.0.0/33"]', /^2: server.trusted_proxies must hold/],
    ['[server]\ncors_allowed_origins = ["https://a.example/"]', /^2: server.cors_allowed_origins must hold/],
    ['[server]\nexternal_url = "ftp://a"', /^2: server.external_url must be/],
  ])("%j is refused", (text, expected) => {
    expect(problems(text)).toEqual([expect.stringMatching(expected)]);
  });

  test("the trail keeps records for good once there is an [audit] section that does not say how long", () => {
    expect(read("[audit]\nenabled = true").config.audit).toMatchObject({ ttlMs: undefined });
    expect(read("[audit]\nttl_seconds = 60").config.audit).toMatchObject({ ttlMs: 60_000 });
  });

  test("the trail is in memory where the state is, else on disk", () => {
    expect(read('[state]\nbackend = "memory"').config.audit).toMatchObject({ kind: "memory" });
    const remote = '[state]\nbackend = "redis"\nurl = "redis://a"\npath = "./trail"';
    expect(read(remote).config.audit).toMatchObject({ kind: "sqlite", path: "trail/audit.db" });
  });

  test("state on another machine serves several workers, and a trail that is required", () => {
    const text = '[server]\nworkers = 2\n[state]\nbackend = "etcd"\nurl = "etcd://a"\n[audit]\nmode = "required"';
    expect(problems(text)).toEqual([]);
  });
});

describe("the text around a diagnostic", () => {
  test("S6: values that may be secrets are starred out, and nothing moves", () => {
    const text = `[server]
host = "0.0.0.0"
[state]
url = "redis://:hunter2@localhost"
[providers.hook]
token = "hunter2" # not "this" either
other = "\${TOKEN}"
unknown = '''hunter2
hunter2'''
`;
    const { shownText } = read(text, { environment: { TOKEN: "hunter2" } });
    expect(shownText).not.toContain("hunter2");
    expect(shownText).toContain('host = "0.0.0.0"');
    expect(shownText).toContain("${TOKEN}");
    expect(shownText).toHaveLength(text.length);
    expect(shownText.split("\n").map((line) => line.length)).toEqual(text.split("\n").map((line) => line.length));
  });

  test("S6: also when the text is no TOML", () => {
    expect(read('token = "hunter2"\n= 3').shownText).toBe('token = "*******"\n= 3');
  });
});

describe("the keys of the contract", () => {
  const contract = new URL("../../../../../shared/wire-api.md", import.meta.url);
  const present = readdirSync(new URL("../../../../..", import.meta.url)).includes("shared");

  test.runIf(present)("every key of its table is known here", () => {
    const section = readFileSync(contract, "utf8").split("## 28. TOML configuration")[1]?.split("\n---")[0] ?? "";
    const keys = new Set<string>();
    for (const [, cell = ""] of section.matchAll(/^\| ([^|]+) \|/gm)) {
      // `**server**.host / port`: the section stands once, in front.
      const [first = "", ...others] = cell.replaceAll("*", "").match(/[a-z_0-9]+(?:\.[a-z_0-9]+)+|[a-z_0-9]+/g) ?? [];
      if (!first.includes(".") || first === "ection.key" || /[{[(]|NAME|ssl_\*|cache/.test(cell)) continue;
      const parent = first.slice(0, first.lastIndexOf("."));
      for (const name of [first, ...others]) keys.add(name.includes(".") ? name : `${parent}.${name}`);
    }
    const known = new Set(paths(acteonSchema.fields, ""));
    expect([...keys].filter((key) => !known.has(key))).toEqual([]);
    expect(keys.size).toBeGreaterThan(100);
  });
});

function paths(fields: Fields, path: string): string[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    field.shape === "table" ? [path + name, ...paths(field.fields, `${path}${name}.`)] : [path + name],
  );
}
