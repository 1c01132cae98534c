import { describeServerFaults } from "@acteon/state/conformance";
import { FaultProxy, serverOrSkip } from "@acteon/test-servers";
import { openDynamoDbState } from "../src/index.ts";
import { makeTestTable, startKeptServer } from "./table-space.ts";

const server = serverOrSkip("DynamoDB Local", startKeptServer);

const callTimeoutMs = 1_000;

describeServerFaults({
  name: "dynamodb",
  backend: "dynamodb",
  callTimeoutMs,
  async open() {
    const { process, port } = server();
    const table = await makeTestTable(port);
    const proxy = await FaultProxy.to(port);
    return {
      connect: () => openDynamoDbState({ ...table.options(), callTimeoutMs }),
      connectThroughProxy: () => openDynamoDbState({ ...table.options(proxy.port), callTimeoutMs }),
      network: proxy,
      server: process,
      async [Symbol.asyncDispose]() {
        await proxy[Symbol.asyncDispose]();
        await table[Symbol.asyncDispose]();
      },
    };
  },
});
