import { describeContention, describeServerFaults } from "@acteon/state/conformance";
import { FaultProxy, serverOrSkip, startPostgres } from "@acteon/test-servers";
import { afterAll } from "vitest";
import { TestSpace, throughPort } from "./test-space.ts";

const server = serverOrSkip("PostgreSQL", () => startPostgres());

let proxy: FaultProxy | undefined;

afterAll(async () => proxy?.[Symbol.asyncDispose]());

describeServerFaults({
  name: "postgres",
  backend: "postgres",
  callTimeoutMs: 1_000,
  async open() {
    const network = (proxy ??= await FaultProxy.to(server().port));
    network.heal();
    const space = await TestSpace.on(server());
    return {
      connect: (options) => space.connect(options),
      connectThroughProxy: (options) => space.connect({ ...options, url: throughPort(server().url, network.port) }),
      network,
      server: server(),
      [Symbol.asyncDispose]: () => space[Symbol.asyncDispose](),
    };
  },
});

describeContention({
  name: "postgres",
  backend: "postgres",
  async open() {
    const space = await TestSpace.on(server());
    return {
      connect: () => space.connect(),
      restart: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => space[Symbol.asyncDispose](),
    };
  },
});
