import { describeServerFaults } from "@acteon/state/conformance";
import { FaultProxy, serverOrSkip } from "@acteon/test-servers";
import { openDynamoDbState } from "../src/index.ts";
import { makeTestTable, startKeptServer } from "./table-space.ts";

const server = serverOrSkip("DynamoDB Local", startKeptServer);

describeServerFaults({
  name: "dynamodb",
  backend: "dynamodb",
  callTimeoutMs: 1_000,
  async open() {
    const { process, port } = server();
    const table = await makeTestTable(port);
    const proxy = await FaultProxy.to(port);
    return {
      connect: (options) => openDynamoDbState({ ...table.options(), ...options }),
      connectThroughProxy: (options) => openDynamoDbState({ ...table.options(proxy.port), ...options }),
      network: proxy,
      server: process,
      async [Symbol.asyncDispose]() {
        await proxy[Symbol.asyncDispose]();
        await table[Symbol.asyncDispose]();
      },
    };
  },
});
