import { describe, expect, test } from "vitest";
import { type ServerFacts, durabilityOf, serverFault } from "./server-facts.ts";

const good: ServerFacts = {
  version: 130_000,
  versionText: "13.0",
  isStandby: false,
  isReadOnly: false,
  synchronousCommit: "on",
  fsync: true,
  fullPageWrites: true,
  synchronousStandbys: "",
  user: "acteon",
  isUnlogged: false,
  maxConnections: 100,
};

describe("what a server may keep", () => {
  test("a primary from version 13 on will do", () => {
    expect(serverFault(good)).toBeUndefined();
    expect(durabilityOf(good)).toEqual({ durability: "strong", warnings: [] });
  });

  test.each([
    [{ version: 120_022, versionText: "12.22" }, "PostgreSQL 12.22 is too old", "run PostgreSQL 13 or newer"],
    [
      { isStandby: true, isReadOnly: true },
      "the server is a hot standby, and takes no writes",
      "point state.url to the primary",
    ],
  ])("%o is refused", (facts, found, help) => {
    expect(serverFault({ ...good, ...facts })).toMatchObject({ level: "failure", found, help });
  });

  test.each([
    [{ fsync: false }, "host"],
    [{ fullPageWrites: false }, "host"],
    [{ synchronousCommit: "off" }, "lossy"],
    [{ isUnlogged: true }, "lossy"],
    [{ synchronousCommit: "off", fsync: false, fullPageWrites: false, isUnlogged: true }, "lossy"],
  ] as const)("%o is %s, with a warning for each", (facts, durability) => {
    const weakened = durabilityOf({ ...good, ...facts });
    expect(weakened.durability).toBe(durability);
    expect(weakened.warnings).toHaveLength(Object.keys(facts).length);
    for (const warning of weakened.warnings) expect(warning.help).toBeTruthy();
  });

  test.each(["local", "remote_write", "remote_apply"])(
    "synchronous_commit %s waits for the disk here, and is strong",
    (value) => {
      expect(durabilityOf({ ...good, synchronousCommit: value }).durability).toBe("strong");
    },
  );
});
