import { once } from "node:events";
import { type AddressInfo, type Socket, createConnection, createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FaultProxy } from "./fault-proxy.ts";

/** Says back what it hears, and keeps it. */
const heard: string[] = [];
const echo = createServer((socket) => {
  socket.on("error", () => socket.destroy());
  socket.on("data", (data) => {
    heard.push(data.toString());
    socket.write(data);
  });
});

beforeAll(async () => {
  echo.listen(0, "127.0.0.1");
  await once(echo, "listening");
});

afterAll(() => void echo.close());

async function open(): Promise<{ proxy: FaultProxy; connect(): Promise<Socket> } & AsyncDisposable> {
  const proxy = await FaultProxy.to((echo.address() as AddressInfo).port);
  heard.length = 0;
  const sockets: Socket[] = [];
  return {
    proxy,
    async connect() {
      const socket = createConnection({ port: proxy.port, host: "127.0.0.1" });
      sockets.push(socket);
      await once(socket, "connect");
      return socket;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

async function asked(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [answer] = (await once(socket, "data")) as [Buffer];
  return answer.toString();
}

test("passes on, and counts", async () => {
  await using bench = await open();
  const socket = await bench.connect();
  for (let i = 0; i < 3; i++) expect(await asked(socket, "hello")).toBe("hello");
  expect(bench.proxy.chunks).toEqual({ up: 3, down: 3 });
});

test("answers that are late stay in order when the latency goes", async () => {
  await using bench = await open();
  const socket = await bench.connect();
  let answers = "";
  socket.on("data", (data: Buffer) => (answers += data.toString()));
  bench.proxy.set({ latencyMs: 100 });
  socket.write("a");
  await until(() => heard.length === 1);
  bench.proxy.heal();
  socket.write("b");
  await until(() => answers.length === 2);
  expect(answers).toBe("ab");
});

test("a half-open connection stays dead, and a new one works once it is healed", async () => {
  await using bench = await open();
  const dead = await bench.connect();
  await asked(dead, "hello");
  bench.proxy.set({ halfOpen: true });
  dead.write("lost");
  bench.proxy.heal();
  dead.write("lost too");
  expect(await asked(await bench.connect(), "again")).toBe("again");
  expect(heard).toEqual(["hello", "again"]);
  expect(dead.destroyed).toBe(false);
});

test("a reset comes after the request has arrived", async () => {
  await using bench = await open();
  const socket = await bench.connect();
  bench.proxy.set({ resetAfterRequest: true });
  socket.write("request");
  const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ECONNRESET");
  expect(heard).toEqual(["request"]);
});

test("cuts what there is, and refuses what comes", async () => {
  await using bench = await open();
  const socket = await bench.connect();
  await asked(socket, "hello");
  bench.proxy.set({ refusing: true });
  bench.proxy.cut();
  await once(socket, "error");
  const refused = createConnection({ port: bench.proxy.port, host: "127.0.0.1" });
  await once(refused, "error");
  expect(refused.destroyed).toBe(true);
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
