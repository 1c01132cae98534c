import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serverOrSkip, startDynamoDb } from "@acteon/test-servers";
import { afterAll } from "vitest";
import { describeRemoteState } from "./remote-state.ts";

const dataFolder = mkdtempSync(join(tmpdir(), "acteon-dynamodb-"));
afterAll(() => rmSync(dataFolder, { recursive: true }));
const server = serverOrSkip("DynamoDB Local", () => startDynamoDb({ dataFolder }));

describeRemoteState(
  {
    backend: "dynamodb",
    durability: "strong",
    migrates: true,
    looksAt: ["schema", "permissions", "clock"],
    // DynamoDB Local takes any, but its client sends none that it has not found.
    environment: { ACTEON_STATE__REGION: "eu-central-1", AWS_ACCESS_KEY_ID: "acteon", AWS_SECRET_ACCESS_KEY: "acteon" },
  },
  () => ({
    url: `http://127.0.0.1:${server().port}`,
    kill: () => server().kill(),
    start: () => server().start(),
  }),
);
