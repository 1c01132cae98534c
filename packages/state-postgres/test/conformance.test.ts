import { describeStateStore } from "@acteon/state/conformance";
import { serverOrSkip, startPostgres } from "@acteon/test-servers";
import { TestSpace } from "./test-space.ts";

const server = serverOrSkip("PostgreSQL", () => startPostgres({ settings: { max_connections: "400" } }));

describeStateStore({
  name: "postgres",
  backend: "postgres",
  async open() {
    const space = await TestSpace.on(server());
    return {
      connect: () => space.connect(),
      async restart() {
        await server().kill();
        await server().start();
      },
      [Symbol.asyncDispose]: () => space[Symbol.asyncDispose](),
    };
  },
});
