import { describeStateStore } from "@acteon/state/conformance";
import { serverOrSkip, startPostgres } from "@acteon/test-servers";
import { TestSpace } from "./test-space.ts";

const server = serverOrSkip("PostgreSQL", () => startPostgres({ settings: { max_connections: "400" } }));

/** Emptied, and ready for the next law: a schema takes longer to make than most laws to hold. */
const idle: TestSpace[] = [];

describeStateStore({
  name: "postgres",
  backend: "postgres",
  async open() {
    const space = idle.pop() ?? (await TestSpace.on(server()));
    return {
      // One connection, so that answers come in the order of their calls: the law about the number of waiters counts on that.
      connect: () => space.connect({ pool: { minConnections: 0, maxConnections: 1 } }),
      async restart() {
        await server().kill();
        await server().start();
      },
      async [Symbol.asyncDispose]() {
        await space.clear();
        idle.push(space);
      },
    };
  },
});
