import { expect, test } from "vitest";
import { printedAlone } from "./own-process.ts";

/** Starts a server on a configuration, stops it, and tells which packages were loaded, and which parts of Node's own undici. */
const program = `
import { registerHooks } from "node:module";
const loaded = new Set();
registerHooks({
  load(url, context, next) {
    const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1] ?? /packages\\/(state-[^/]+)/.exec(url)?.[1];
    if (name !== undefined) loaded.add(name);
    return next(url, context);
  },
});
const { checkConfig, serve, silentLogger } = await import(process.env.SERVER);
const loading = await checkConfig({ file: "x", text: process.env.CONFIG, environment: {} });
if (loading.kind === "rejected") throw new Error(JSON.stringify(loading.diagnostics));
const server = await serve({ loaded: loading, environment: {}, logger: silentLogger, print: () => undefined }).catch(() => undefined);
await server?.stop();
const undici = process.moduleLoadList.filter((name) => name.includes("undici"));
console.log(JSON.stringify([...loaded, ...undici]));
`;

async function loadedBy(state: string): Promise<readonly string[]> {
  const printed = await printedAlone(program, {
    SERVER: new URL("../src/index.ts", import.meta.url).href,
    CONFIG: `[server]\nport = 0\ndrain_delay_ms = 0\nstartup_ms = 500\n[state]\n${state}\n[audit]\nenabled = false\n`,
  });
  return printed as readonly string[];
}

const clients = /^(state-(redis|postgres|dynamodb|etcd|zookeeper)|ioredis|pg|@aws-sdk\/.*|@grpc\/.*)$/;

test("no client of a store on another machine is loaded where none is configured", async () => {
  expect((await loadedBy('backend = "memory"')).filter((name) => clients.test(name))).toEqual([]);
});

test("Node's own undici is not loaded: no `fetch` on the way to a server that listens", async () => {
  const loaded = await loadedBy('backend = "memory"');
  expect(loaded).toContain("zod"); // something was told at all
  expect(loaded.filter((name) => name.includes("undici"))).toEqual([]);
});

test("of several, only that of the chosen store is", async () => {
  const loaded = await loadedBy('backend = "redis"\nurl = "redis://127.0.0.1:1"\ncall_timeout_ms = 100');
  expect(loaded.filter((name) => clients.test(name)).toSorted()).toEqual(["ioredis", "state-redis"]);
});
