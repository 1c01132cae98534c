import { systemRandom } from "@acteon/core";
import { describeStateStore } from "@acteon/state/conformance";
import { serverOrSkip } from "@acteon/test-servers";
import { openDynamoDbState } from "../src/index.ts";
import { makeTestTable, optionsFor, startKeptServer } from "./table-space.ts";

const server = serverOrSkip("DynamoDB Local", startKeptServer);

describeStateStore({
  name: "dynamodb",
  backend: "dynamodb",
  async open() {
    const table = `acteon-${systemRandom.uuid()}`;
    const { process } = server();
    const removeTable = await makeTestTable(process.port, table);
    return {
      connect: () => openDynamoDbState(optionsFor(process.port, table)),
      async restart() {
        await process.kill();
        await process.start();
      },
      [Symbol.asyncDispose]: removeTable,
    };
  },
  knownGaps: {
    "L6: a lease that is over is free, and its former owner has lost it":
      "nobody's clock is trusted: who takes over has to have watched the lease for as long as it is",
  },
});
