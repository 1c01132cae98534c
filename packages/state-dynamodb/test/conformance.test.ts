import { describeContention, describeStateStore } from "@acteon/state/conformance";
import type { StateSubject } from "@acteon/state/conformance";
import { serverOrSkip } from "@acteon/test-servers";
import { openDynamoDbState } from "../src/index.ts";
import { makeTestTable, startKeptServer } from "./table-space.ts";

const server = serverOrSkip("DynamoDB Local", startKeptServer);

const subject: StateSubject = {
  name: "dynamodb",
  backend: "dynamodb",
  async open() {
    const { process, port } = server();
    const table = await makeTestTable(port);
    return {
      // It does about a thousand writes a second, and less beside other tests.
      connect: () => openDynamoDbState({ ...table.options(), callTimeoutMs: 20_000 }),
      async restart() {
        await process.kill();
        await process.start();
      },
      [Symbol.asyncDispose]: () => table[Symbol.asyncDispose](),
    };
  },
  randomRuns: 8,
  knownGaps: {
    "L6: a lease that is over is free, and its former owner has lost it":
      "nobody's clock is trusted: who takes over has to have watched the lease for as long as it is",
  },
};

describeStateStore(subject);
describeContention(subject);
