import { describe, expect, test } from "vitest";
import type { Environment } from "./environment.ts";
import { readConfig } from "./read-config.ts";

function read(text: string, environment: Environment = {}) {
  const { config, diagnostics, shownText } = readConfig({ file: "acteon.toml", text, environment });
  const problems = diagnostics.map(
    ({ code, span, summary, help }) =>
      `${code} ${span.start.line}: ${summary}${help === undefined ? "" : ` (${help})`}`,
  );
  return { config, problems, shownText };
}

describe("a store on another machine", () => {
  test("has an address, and defaults for all else", () => {
    const { config, problems } = read('[state]\nbackend = "redis"\nurl = "redis://localhost"');
    expect(problems).toEqual([]);
    expect(config.state).toEqual({
      kind: "redis",
      require: undefined,
      url: expect.objectContaining({}) as unknown,
      settings: {
        prefix: "acteon",
        region: undefined,
        tableName: undefined,
        tls: {
          enabled: undefined,
          mode: undefined,
          caPath: undefined,
          certPath: undefined,
          keyPath: undefined,
          insecure: false,
        },
        pool: { minConnections: 0, maxConnections: 10 },
        callTimeoutMs: 5_000,
        unlogged: false,
      },
    });
    expect(config.lock).toBeUndefined();
  });

  test("takes every key of the contract, from the file or the environment", () => {
    const text = `[state]
backend = "postgres"
url = "\${DATABASE_URL}"
prefix = "night"
require = "strong"
ssl_mode = "verify-full"
ssl_root_cert = "ca.pem"
ssl_cert = "cert.pem"
ssl_key = "key.pem"
call_timeout_ms = 900
unlogged = true
[state.pool]
min_connections = 5
max_connections = 20
`;
    const { config, problems } = read(text, {
      DATABASE_URL: "postgres://acteon:hunter2@db.example/acteon",
      ACTEON_STATE__POOL__MAX_CONNECTIONS: "30",
      ACTEON_STATE__PREFIX: "day",
    });
    expect(problems).toEqual([]);
    const { state } = config;
    expect(state).toMatchObject({
      kind: "postgres",
      require: "strong",
      settings: {
        prefix: "day",
        tls: { mode: "verify-full", caPath: "ca.pem", certPath: "cert.pem", keyPath: "key.pem" },
        pool: { minConnections: 5, maxConnections: 30 },
        callTimeoutMs: 900,
        unlogged: true,
      },
    });
    expect("url" in state && state.url?.reveal()).toBe("postgres://acteon:hunter2@db.example/acteon");
  });

  test("DynamoDB needs a region, and an address only where it is not AWS", () => {
    const { config, problems } = read('[state]\nbackend = "dynamodb"\nregion = "eu-central-1"\ntable_name = "actions"');
    expect(problems).toEqual([]);
    expect(read('[state]\nbackend = "dynamodb"\nurl = "http://127.0.0.1:8000"').problems).toEqual([]);
    expect(config.state).toMatchObject({ url: undefined, settings: { region: "eu-central-1", tableName: "actions" } });
  });

  test("the address never shows, wherever the configuration is printed or framed (S6)", () => {
    const text = '[state]\nbackend = "redis"\nurl = "redis://:hunter2@localhost"\nregion = 3';
    const { config, problems, shownText } = read(text);
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(config) + shownText).not.toContain("hunter2");
  });

  test.each([
    [
      '[state]\nbackend = "redis"',
      'ACT-C007 2: state.url is missing (set state.url = "redis://127.0.0.1:6379", or ACTEON_STATE__URL)',
    ],
    [
      '[state]\nbackend = "dynamodb"\ntable_name = "actions"',
      'ACT-C007 2: state.region is missing (set state.region = "eu-central-1", or ACTEON_STATE__REGION)',
    ],
    [
      '[state]\nurl = "redis://localhost"',
      "ACT-C008 2: state.url means nothing where state.backend is embedded (set state.backend to redis, postgres, dynamodb, etcd or zookeeper, or remove state.url)",
    ],
    [
      '[state]\nbackend = "memory"\n[state.pool]\nmax_connections = 3',
      "ACT-C008 4: state.pool.max_connections means nothing where state.backend is memory (set state.backend to redis, postgres or dynamodb, or remove state.pool.max_connections)",
    ],
    [
      '[state]\nbackend = "redis"\nurl = "redis://a"\nssl_mode = "require"',
      'ACT-C008 4: state.ssl_mode means nothing where state.backend is redis (set state.backend to "postgres", or remove state.ssl_mode)',
    ],
    [
      '[state]\nbackend = "dynamodb"\nregion = "eu-central-1"\nprefix = "other"',
      "ACT-C008 4: state.prefix means nothing where state.backend is dynamodb (set state.backend to redis, postgres, etcd or zookeeper, or remove state.prefix)",
    ],
    [
      "[lock]\ntls_enabled = true",
      "ACT-C008 2: lock.tls_enabled means nothing where lock.backend is not set (set lock.backend to redis, postgres, dynamodb, etcd or zookeeper, or remove lock.tls_enabled)",
    ],
    [
      '[state]\nbackend = "etcd"\nurl = "etcd://a"\nssl_root_cert = "a"\ntls_ca_cert_path = "b"',
      "ACT-C008 5: state.ssl_root_cert and state.tls_ca_cert_path are one setting (remove one of them)",
    ],
    [
      '[state]\nbackend = "redis"\nurl = "redis://a"\n[state.pool]\nmin_connections = 11',
      "ACT-C008 5: state.pool.min_connections is more than state.pool.max_connections (swap them)",
    ],
    [
      '[state]\nbackend = "rediss"',
      'ACT-C003 2: state.backend must be one of embedded, memory, redis, postgres, dynamodb, etcd, zookeeper (did you mean "redis"?)',
    ],
  ])("%j is refused", (text, expected) => {
    expect(read(text).problems).toEqual([expected]);
  });

  test("keys that say what holds anyway are let through", () => {
    expect(
      read('[state]\nprefix = "acteon"\ntls_insecure = false\n[state.pool]\nmax_connections = 10').problems,
    ).toEqual([]);
  });
});

test("a store of locks has the keys of [state], and a configuration of its own", () => {
  const text = `[lock]
backend = "zookeeper"
url = "zookeeper://a:2181,b:2181/acteon"
prefix = "locks"
call_timeout_ms = 700
[state]
backend = "redis"
url = "redis://c"
`;
  const { config } = read(text, { ACTEON_LOCK__PREFIX: "held" });
  expect(config.lock).toMatchObject({ kind: "zookeeper", settings: { prefix: "held", callTimeoutMs: 700 } });
  expect(config.state).toMatchObject({ kind: "redis", settings: { prefix: "acteon", callTimeoutMs: 5_000 } });
  expect(read('[lock]\nbackend = "embedded"\npath = "locks"\nsync = true').config.lock).toEqual({
    kind: "embedded",
    path: "locks",
    sync: true,
  });
});
