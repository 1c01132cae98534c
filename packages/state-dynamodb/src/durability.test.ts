import { expect, test } from "vitest";
import { durabilityOf } from "./durability.ts";

test.each([
  [{}, undefined, "ok", "strong"],
  [{}, "https://dynamodb.cn-north-1.amazonaws.com.cn", "ok", "strong"],
  [{}, "https://vpce-1.dynamodb.eu-central-1.vpce.amazonaws.com", "ok", "strong"],
  [{}, "http://127.0.0.1:8000", "warning", "not one of AWS"],
  [{}, "https://amazonaws.com.evil.example", "warning", "not one of AWS"],
  [{ Replicas: [{ RegionName: "eu-west-1" }] }, undefined, "warning", "global"],
])("%j at %s: %s, %s", (table, endpoint, level, found) => {
  const finding = durabilityOf(table, endpoint);
  expect(finding).toMatchObject({ level, found: expect.stringContaining(found) });
  expect(finding.help === undefined).toBe(level === "ok");
});
