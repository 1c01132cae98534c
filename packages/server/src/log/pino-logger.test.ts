import { Secret, StateUnavailableError } from "@acteon/core";
import { expect, test } from "vitest";
import { openPinoLogger } from "./pino-logger.ts";

async function logger() {
  const lines: Record<string, unknown>[] = [];
  const to = { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { lines, logger: await openPinoLogger({ level: "info", base: { worker: 1 }, to }) };
}

test("an event is a line with its fields", async () => {
  const { lines, logger: log } = await logger();
  log.info("listening", { port: 1 });
  log.debug("not at this level");
  expect(lines).toEqual([{ level: "info", time: expect.any(String) as string, worker: 1, port: 1, msg: "listening" }]);
});

test("an error is shown with its causes", async () => {
  const { lines, logger: log } = await logger();
  log.error("fault", { error: new StateUnavailableError("redis:6379 is away", { cause: new Error("refused") }) });
  expect(lines[0]).toMatchObject({
    error: {
      name: "StateUnavailableError",
      code: "state_unavailable",
      message: "redis:6379 is away",
      cause: { message: "refused" },
    },
  });
});

test("S6: a secret is not, and no text breaks out of its line", async () => {
  const { lines, logger: log } = await logger();
  log.warn("odd", { key: new Secret("hunter2"), filter: 'a"\n\u001b[31m' });
  expect(JSON.stringify(lines)).not.toContain("hunter2");
  expect(lines).toMatchObject([{ key: "[redacted]", filter: 'a"\n\u001b[31m' }]);
});
