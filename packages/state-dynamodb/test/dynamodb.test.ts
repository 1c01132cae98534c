import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { CreateTableCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { ConfigurationError, StateUnavailableError, systemClock } from "@acteon/core";
import type { Namespace, TenantId } from "@acteon/core";
import { applyOne, noTlsSettings, stateKey, stateScope } from "@acteon/state";
import type { BackendFinding, RemoteStateSettings, StateBackendPorts, StateGroup, StateKey } from "@acteon/state";
import { remoteSettings } from "@acteon/state/testing";
import { freePort, serverOrSkip, startDynamoDb } from "@acteon/test-servers";
import { describe, expect, test, vi } from "vitest";
import { dynamodbBackend, openDynamoDbState } from "../src/index.ts";
import type { DynamoDbStateOptions } from "../src/index.ts";
import { credentials, makeTestTable } from "./table-space.ts";
import { DynamoDbFront } from "./dynamodb-front.ts";

const server = serverOrSkip("DynamoDB Local", () => startDynamoDb());

const { signal } = new AbortController();
const scope = stateScope("orders" as Namespace, "acme" as TenantId);
const key = (name: string): StateKey => stateKey(scope, "state", name);
const pair: StateGroup = [
  { op: "increment", key: key("a"), delta: 1 },
  { op: "increment", key: key("b"), delta: 1 },
];

/** All that a table holds. */
async function itemsIn({ endpoint, table }: DynamoDbStateOptions): Promise<number> {
  const client = new DynamoDBClient({ endpoint: endpoint ?? "", region: "us-east-1", credentials });
  try {
    return (await client.send(new ScanCommand({ TableName: table, Select: "COUNT" }))).Count ?? 0;
  } finally {
    client.destroy();
  }
}

/** A store behind a front that does as it is told. */
async function openBehindFront(callTimeoutMs = 5_000) {
  const table = await makeTestTable(server().port);
  const front = await DynamoDbFront.to(server().port);
  const store = await openDynamoDbState({ ...table.options(front.port), callTimeoutMs });
  return {
    store,
    front,
    options: table.options(),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await front[Symbol.asyncDispose]();
      await table[Symbol.asyncDispose]();
    },
  };
}

describe("capacity that is used up", () => {
  test("for a moment is waited for", async () => {
    await using bench = await openBehindFront();
    const { store, front } = bench;
    front.do((_, count) => (count < 3 ? "throttled" : "passed"));
    expect(await store.apply([pair, [{ op: "set", key: key("c"), value: "x" }]], { signal })).toMatchObject([
      { kind: "done", results: [{ count: 1 }, { count: 1 }] },
      { kind: "done" },
    ]);
    expect(front.counts.get("TransactWriteItems")).toBe(4);
    expect(front.counts.get("PutItem")).toBe(4);
  });

  test("for longer than a call may take is told with its cure", async () => {
    await using bench = await openBehindFront(1_500);
    const { store, front } = bench;
    front.do(() => "throttled");
    const call = store.apply([[{ op: "set", key: key("c"), value: "x" }]], { signal });
    await expect(call).rejects.toThrow(/too busy.*more capacity/);
    await expect(call).rejects.toBeInstanceOf(StateUnavailableError);
    front.do(() => "passed");
    expect(await applyOne(store, { op: "get", key: key("c") }, { signal })).toEqual({ kind: "absent" });
  });
});

describe("an answer that was lost", () => {
  test("of a transaction: it is sent again under its token, and done once", async () => {
    await using bench = await openBehindFront();
    const { store, front } = bench;
    front.do((operation, count) => (operation === "TransactWriteItems" && count < 2 ? "lost" : "passed"));
    expect(await store.apply([pair], { signal })).toMatchObject([{ results: [{ count: 1 }, { count: 1 }] }]);
    expect(front.counts.get("TransactWriteItems")).toBe(3);
    expect(await applyOne(store, { op: "get", key: key("a") }, { signal })).toMatchObject({ value: "1" });
  });

  test("of a write to one item: it is not sent again, and nobody knows (L9)", async () => {
    await using bench = await openBehindFront();
    const { store, front } = bench;
    front.do((operation) => (operation === "UpdateItem" ? "lost" : "passed"));
    await expect(store.apply([[{ op: "increment", key: key("a"), delta: 1 }]], { signal })).rejects.toThrow(
      StateUnavailableError,
    );
    expect(front.counts.get("UpdateItem")).toBe(1);
    expect(await applyOne(store, { op: "get", key: key("a") }, { signal })).toMatchObject({ value: "1" });
  });

  test("of a read: it is asked again", async () => {
    await using bench = await openBehindFront();
    const { store, front } = bench;
    front.do((operation, count) => (operation === "BatchGetItem" && count === 0 ? "lost" : "passed"));
    expect(await applyOne(store, { op: "get", key: key("a") }, { signal })).toEqual({ kind: "absent" });
  });
});

describe("round trips", () => {
  test("of a hundred reads are one, of groups on one counter and of a group on new keys one", async () => {
    await using bench = await openBehindFront();
    const { store, front } = bench;
    const seen = async (groups: readonly StateGroup[]) => {
      front.do(() => "passed");
      await store.apply(groups, { signal });
      return Object.fromEntries(front.counts);
    };
    const reads = Array.from({ length: 100 }, (_, i): StateGroup => [{ op: "get", key: key(`k${i}`) }]);
    expect(await seen(reads)).toEqual({ BatchGetItem: 1 });
    const fresh: StateGroup = [
      { op: "acquire", lock: stateKey(scope, "lock", "id", undefined), owner: "me", leaseMs: 30_000 },
      { op: "checkAndSet", key: key("dedup"), value: "x", ttlMs: 60_000 },
      { op: "compareAndSwap", key: key("record"), expected: "absent", value: "x" },
    ];
    expect(await seen([fresh])).toEqual({ TransactWriteItems: 1 });
    await store.apply([[{ op: "increment", key: key("hot"), delta: 1 }]], { signal });
    const hits = Array.from({ length: 20 }, (_, i): StateGroup => [
      { op: "increment", key: key("hot"), delta: 1 },
      { op: "set", key: key(`h${i}`), value: "x" },
    ]);
    expect(await seen(hits)).toEqual({ TransactWriteItems: 1 });
    // Somebody else counts meanwhile: the refusal says how far.
    await using other = await openDynamoDbState(bench.options);
    await other.apply([[{ op: "increment", key: key("hot"), delta: 1 }]], { signal });
    expect(await seen(hits)).toEqual({ TransactWriteItems: 2 });
    expect(await applyOne(store, { op: "get", key: key("hot") }, { signal })).toMatchObject({ value: "42" });
  });
});

describe("values that are too long for one item", () => {
  test("leave nothing behind when they are replaced, deleted or refused", async () => {
    await using table = await makeTestTable(server().port);
    await using store = await openDynamoDbState(table.options());
    const long = "0123456789é".repeat(50_000);
    const apply = (group: StateGroup) => store.apply([group], { signal });
    await apply([{ op: "set", key: key("a"), value: long }]);
    expect(await itemsIn(table.options())).toBe(6);
    expect(await applyOne(store, { op: "checkAndSet", key: key("a"), value: long }, { signal })).toMatchObject({
      kind: "found",
      value: long,
    });
    await apply([{ op: "set", key: key("a"), value: `${long}!` }]);
    expect(await itemsIn(table.options())).toBe(6);
    await apply([{ op: "set", key: key("a"), value: "short" }]);
    expect(await itemsIn(table.options())).toBe(1);
    await apply([{ op: "set", key: key("a"), value: long }]);
    await apply([{ op: "delete", key: key("a") }]);
    expect(await itemsIn(table.options())).toBe(0);
  });

  test("are refused past the 4 MB of a transaction, in words", async () => {
    await using table = await makeTestTable(server().port);
    await using store = await openDynamoDbState(table.options());
    const call = store.apply([[{ op: "set", key: key("a"), value: "x".repeat(4_500_000) }]], { signal });
    await expect(call).rejects.toThrow("4 MB");
  });

  test("a list grows past what one item holds", async () => {
    await using table = await makeTestTable(server().port);
    await using store = await openDynamoDbState(table.options());
    const list = stateKey(scope, "parked", "l");
    const members = Array.from({ length: 9 }, (_, i) => String(i).repeat(90_000));
    for (const [i, value] of members.entries())
      expect(await applyOne(store, { op: "append", key: list, value }, { signal })).toEqual({
        kind: "appended",
        size: i + 1,
      });
    expect(await applyOne(store, { op: "members", key: list }, { signal })).toEqual({ kind: "list", values: members });
    await applyOne(store, { op: "delete", key: list }, { signal });
    expect(await itemsIn(table.options())).toBe(0);
  });
});

test("what a due time left behind when it was moved or removed is cleared away at its time", async () => {
  await using table = await makeTestTable(server().port);
  await using store = await openDynamoDbState(table.options());
  for (let dueAtMs = 1; dueAtMs <= 30; dueAtMs++)
    await applyOne(store, { op: "indexDue", index: "retry", key: key("a"), dueAtMs }, { signal });
  await applyOne(store, { op: "indexDue", index: "retry", key: key("b"), dueAtMs: 5 }, { signal });
  await applyOne(store, { op: "unindexDue", index: "retry", key: key("b") }, { signal });
  // One at a time, with more left behind in front of it than one look sees.
  const take = { op: "takeDue", index: "retry", nowMs: 100, limit: 1, holdMs: 0 } as const;
  expect(await applyOne(store, take, { signal })).toEqual({ kind: "due", entries: [{ key: key("a"), dueAtMs: 30 }] });
  expect(await itemsIn(table.options())).toBe(2);
});

describe("the table", () => {
  const ports: StateBackendPorts = { clock: systemClock, signal, warn: () => undefined };
  const settingsFor = (port: number, tableName: string | undefined): RemoteStateSettings => {
    const pool = { minConnections: 0, maxConnections: 8 };
    return remoteSettings({ url: `http://127.0.0.1:${port}`, region: "eu-central-1", tableName, pool });
  };

  /** The backend takes AWS's environment, as a server would. */
  async function inEnvironment<T>(work: () => Promise<T>): Promise<T> {
    vi.stubEnv("AWS_ACCESS_KEY_ID", credentials.accessKeyId);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey);
    try {
      return await work();
    } finally {
      vi.unstubAllEnvs();
    }
  }

  const migrated = (settings: RemoteStateSettings) =>
    inEnvironment(() => Array.fromAsync(dynamodbBackend.migrate(settings, ports)));
  /** By its clock every answer comes at once: a round trip over 20 ms is a warning, which a busy machine has earned. */
  const inspected = (settings: RemoteStateSettings): Promise<readonly BackendFinding[]> =>
    inEnvironment(() =>
      Array.fromAsync(dynamodbBackend.inspect(settings, { ...ports, clock: { ...systemClock, monotonicMs: () => 0 } })),
    );

  test("is made once, however many nodes make it, and called acteon_state unless said", async () => {
    const settings = settingsFor(server().port, undefined);
    const opening = inEnvironment(() => dynamodbBackend.open(settings, ports));
    await expect(opening).rejects.toThrow(ConfigurationError);
    await expect(opening).rejects.toThrow(/no such table: run `acteon migrate`/);
    const steps = await Promise.all(Array.from({ length: 5 }, () => migrated(settings)));
    expect(steps.flat().filter((step) => step.startsWith("created table acteon_state"))).toHaveLength(1);
    expect(await migrated(settings)).toEqual([]);
    const warned: BackendFinding[] = [];
    const warn = (finding: BackendFinding) => void warned.push(finding);
    await using store = await inEnvironment(() => dynamodbBackend.open(settings, { ...ports, warn }));
    expect(warned).toMatchObject([{ subject: "durability", found: expect.stringContaining("not one of AWS") }]);
    expect(await applyOne(store, { op: "get", key: key("a") }, { signal })).toEqual({ kind: "absent" });
    expect(store.connections?.()).toMatchObject({ busy: 0, waiting: 0, max: 8 });
    const findings = await inspected(settings);
    expect(findings.map(({ level, subject }) => `${level} ${subject}`)).toEqual([
      "ok connection",
      "ok server version",
      "ok schema",
      "ok time to live",
      "ok permissions",
      "ok permissions",
      "warning durability",
      "ok clock",
      "ok round trip",
    ]);
  });

  test("that is missing, or another's, is a finding with its cure, and no table to open", async () => {
    expect(await inspected(settingsFor(server().port, "nowhere"))).toMatchObject([
      { level: "ok", subject: "connection" },
      { level: "ok", subject: "server version" },
      { level: "failure", subject: "schema", help: expect.stringContaining("acteon migrate") },
    ]);
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${server().port}`,
      region: "eu-central-1",
      credentials,
    });
    await client.send(
      new CreateTableCommand({
        TableName: "another",
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      }),
    );
    client.destroy();
    const settings = settingsFor(server().port, "another");
    await expect(inEnvironment(() => dynamodbBackend.open(settings, ports))).rejects.toThrow(/id HASH/);
    await expect(migrated(settings)).rejects.toThrow(/id HASH/);
  });

  test("of a server that is not there is told at once, with what to do", async () => {
    const settings = settingsFor(await freePort(), undefined);
    await expect(inEnvironment(() => dynamodbBackend.open(settings, ports))).rejects.toThrow(
      /cannot be reached \(ECONNREFUSED\).*state\.url/,
    );
    expect(await inspected(settings)).toMatchObject([{ level: "failure", subject: "connection" }]);
  });

  test("of AWS in no region is told with the setting", async () => {
    vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
    const attempt = inEnvironment(() => openDynamoDbState());
    await expect(attempt).rejects.toThrow(/state\.region/);
  });

  test("of a server that takes the connection and says nothing is told in time", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const settings = { ...settingsFor((silent.address() as AddressInfo).port, undefined), callTimeoutMs: 300 };
    await expect(inEnvironment(() => dynamodbBackend.open(settings, ports))).rejects.toThrow(
      /did not answer .*: see that it runs/,
    );
    silent.close();
  });

  test("is refused at once where no table can have its name, or TLS is asked for where the endpoint has none", async () => {
    const { url } = settingsFor(1, undefined);
    for (const [wrong, says] of [
      [{ url, tableName: "ab" }, /state\.table_name` is no name of a table in DynamoDB: write 3 to 255/],
      [
        { url, tls: { ...noTlsSettings, enabled: true } },
        /state\.tls_enabled` is true, and the endpoint begins with http:/,
      ],
      [{ region: "eu-central-1", tls: { ...noTlsSettings, enabled: false } }, /is false, .* begins with https:/],
    ] as const) {
      const opening = inEnvironment(async () => dynamodbBackend.open(remoteSettings(wrong), ports));
      await expect(opening).rejects.toThrow(ConfigurationError);
      await expect(opening).rejects.toThrow(says);
    }
  });

  test.each(["dynamodb.local:8000", "redis://127.0.0.1", "http://me:hidden@127.0.0.1:8000"])(
    "at %s: the form is shown, and no password",
    async (url) => {
      const attempt = dynamodbBackend.open({ ...settingsFor(1, undefined), url }, ports);
      const error = await attempt.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(String(error)).toContain("http://127.0.0.1:8000`; leave it out for AWS");
      expect(String(error)).not.toContain("hidden");
    },
  );
});
