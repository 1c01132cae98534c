import { once } from "node:events";
import { type AddressInfo, type Socket, createServer } from "node:net";
import { createFakeClock } from "@acteon/core/testing";
import type { FakeClock } from "@acteon/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { Connection } from "./connection.ts";
import { JuteWriter } from "./jute-writer.ts";
import { opCodes } from "./protocol.ts";
import { getData, sync } from "./requests.ts";
import { ConnectionLostError, ZooKeeperError } from "./zookeeper-error.ts";

const sessionTimeoutMs = 9_000;

test("answers that arrive in pieces, and several in one, go to whoever asked", async () => {
  const { connection, server } = await connected();
  const answers = Promise.all([getData(connection, "/a"), getData(connection, "/b"), getData(connection, "/c")]);
  await server.heard(3);
  const bytes = Buffer.concat([reply(1, dataBody("first")), reply(2, undefined, -101), reply(3, dataBody("third"))]);
  for (const piece of [bytes.subarray(0, 3), bytes.subarray(3, 30), bytes.subarray(30)]) {
    server.socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [first, second, third] = await answers;
  expect([first?.data.toString(), second, third?.data.toString()]).toEqual(["first", undefined, "third"]);
});

test("what is asked in one turn of the event loop leaves in one packet", async () => {
  const { connection, server } = await connected();
  const packets = server.packets;
  const asked = [sync(connection, "/"), getData(connection, "/a"), getData(connection, "/b")];
  await server.heard(3);
  expect(server.packets - packets).toBe(1);
  connection.destroy("done");
  for (const each of asked) await expect(each).rejects.toThrow("done");
});

test("an answer to another request than the oldest ends the connection: nobody is given what is not its own", async () => {
  const { connection, server, lost } = await connected();
  const asked = getData(connection, "/a");
  await server.heard(1);
  server.socket.write(reply(7, dataBody("x")));
  await expect(asked).rejects.toMatchObject({ name: "ConnectionLostError", sent: true });
  expect((await lost).message).toBe("the server's answer could not be read");
});

test("a refusal is the server's answer; a closed connection is none, and what is asked after it was not sent", async () => {
  const { connection, server } = await connected();
  const refused = sync(connection, "/a");
  await server.heard(1);
  server.socket.write(reply(1, undefined, -102));
  await expect(refused).rejects.toThrow(ZooKeeperError);
  const unanswered = sync(connection, "/a");
  await server.heard(2);
  server.socket.destroy();
  await expect(unanswered).rejects.toMatchObject({ name: "ConnectionLostError", sent: true });
  await expect(sync(connection, "/a")).rejects.toMatchObject({ name: "ConnectionLostError", sent: false });
});

test("a third of the session timeout without a request is broken by a ping, two thirds without a word end the connection", async () => {
  const { server, lost, clock } = await connected();
  clock.advance(sessionTimeoutMs / 3);
  expect(await server.heard(1)).toEqual([opCodes.ping]);
  clock.advance(sessionTimeoutMs / 3);
  expect((await lost).message).toBe("the server has fallen silent");
});

test("a request that waits longer than it may ends the connection, whatever else is answered", async () => {
  const { connection, server, clock } = await connected();
  const asked = sync(connection, "/a");
  await server.heard(1);
  clock.advance(1_999);
  clock.advance(300);
  await expect(asked).rejects.toThrow("no answer within 2000 ms");
});

test("a server that takes the connection and says nothing is given up", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const clock = createFakeClock();
  const opening = open((server.address() as AddressInfo).port, clock);
  const [socket] = (await once(server, "connection")) as [Socket];
  clock.advance(2_000);
  await expect(opening).rejects.toThrow(ConnectionLostError);
  socket.destroy();
});

function open(port: number, clock: FakeClock) {
  const settings = { clock, tls: undefined, requestTimeoutMs: 2_000, sessionTimeoutMs };
  const { signal } = new AbortController();
  return Connection.open({ host: "127.0.0.1", port }, settings, { ticket: undefined, lastZxid: 0, signal });
}

/** A connection to a server that gives a session, and from then on does what the test has it do. */
async function connected() {
  const clock = createFakeClock();
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const opening = open((server.address() as AddressInfo).port, clock);
  const [socket] = (await once(server, "connection")) as [Socket];
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  await once(socket, "data");
  const fake = new FakeServer(socket);
  const writer = new JuteWriter();
  const begun = writer.beginFrame();
  writer.int(0);
  writer.int(sessionTimeoutMs);
  writer.long(77);
  writer.buffer(Buffer.alloc(16));
  writer.boolean(false);
  writer.endFrame(begun);
  socket.write(writer.take());
  const { connection } = await opening;
  const lost = new Promise<ConnectionLostError>((resolve) => {
    connection.listen({ notified: () => {}, lost: resolve });
  });
  onTestFinished(() => connection.destroy("the test is over"));
  return { connection, clock, lost, server: fake };
}

class FakeServer {
  readonly socket: Socket;
  readonly #types: number[] = [];
  packets = 0;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => {});
    socket.on("data", (data: Buffer) => {
      this.packets++;
      for (let at = 0; at < data.length; at += 4 + data.readInt32BE(at)) this.#types.push(data.readInt32BE(at + 8));
      this.#wake();
    });
  }

  /** The types of so many requests, once they are there. */
  async heard(count: number): Promise<readonly number[]> {
    while (this.#types.length < count) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#types;
  }
}

function reply(xid: number, body: Buffer | undefined, code = 0): Buffer {
  const writer = new JuteWriter();
  const begun = writer.beginFrame();
  writer.int(xid);
  writer.long(5);
  writer.int(code);
  if (body !== undefined) writer.raw(body);
  writer.endFrame(begun);
  return writer.take();
}

function dataBody(text: string): Buffer {
  const writer = new JuteWriter();
  writer.text(text);
  writer.raw(Buffer.alloc(68)); // a stat
  return writer.take();
}
