import { readFileSync } from "node:fs";
import { decodeComponent, encodeComponent } from "@acteon/core";
import { expect, test } from "vitest";
import { scopeOf } from "./conformance/fixtures.ts";
import { toDynamoKeys, toRedisKey, toZooKeeperPath } from "./key-layout.ts";
import { textRanges } from "./scan-range.ts";
import { parseStateKey, stateKey } from "./state-key.ts";

/** What `docs/spec/key-grammar.md` shows is what the code does. */
const page = readFileSync(new URL("../../../docs/spec/key-grammar.md", import.meta.url), "utf8");

test("K1: the components of the page are encoded and decoded as it says", () => {
  const rows = tableUnder("## Components");
  expect(rows).toHaveLength(10);
  for (const [shown = "", component = ""] of rows) {
    const text = shown === "*absent*" ? undefined : shown === "*empty*" ? "" : code(shown);
    expect(encodeComponent(text)).toBe(code(component));
    expect(decodeComponent(code(component))).toBe(text);
  }
});

test("K4, K5: the layouts of the page are those of its key", () => {
  const key = stateKey(scopeOf("orders", "acme.eu"), "lock", "pay/1", undefined);
  const { partition, sort } = toDynamoKeys(key);
  expect(tableUnder("## Layouts").map(([layout, text = ""]) => [layout, code(text)])).toEqual([
    ["K1", key.text],
    ["Redis", toRedisKey(key, "acteon")],
    ["DynamoDB partition", partition],
    ["DynamoDB sort", sort],
    ["ZooKeeper", toZooKeeperPath(key, "acteon")],
  ]);
});

test("K3: the page's longest key stays, and the next collapses as it says", () => {
  const [stays, collapses] = tableUnder("## Long keys").map(([id = "", end = ""]) => ({
    id: repeated(id),
    end: repeated(end),
  }));
  for (const row of [stays, collapses]) {
    const key = stateKey(scopeOf("n", "t"), "state", row?.id);
    expect(key.text).toBe(`v1/state/n/t/${row?.end}`);
    expect(parseStateKey(key.fullText)).toEqual(key);
  }
});

test("K4: the scans of the page are the ranges that a store walks", () => {
  const scope = scopeOf("orders", "acme");
  const ranges = [
    textRanges({ kind: "state" }),
    textRanges({ kind: "state", scope }),
    textRanges({ kind: "state", scope, idPrefix: "a/" }),
  ];
  expect(tableUnder("## Scans").map(([, texts = ""]) => texts.split(" and ").map(code))).toEqual(
    ranges.map((range) => range.map(({ from }) => from)),
  );
  for (const { from, to } of ranges.flat()) expect(to).toBe(`${from}\u007F`);
});

/** The cells of the rows of the first table behind a heading. */
function tableUnder(heading: string): readonly (readonly string[])[] {
  const [, section = ""] = page.split(heading);
  const [, table = ""] = /\n((?:\|.*\n)+)/.exec(section) ?? [];
  const [, , ...rows] = table.trim().split("\n");
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function code(cell: string): string {
  return cell.replaceAll("`", "");
}

/** "`a` × 3" is `aaa`. */
function repeated(cell: string): string {
  const [text = "", count = "1"] = code(cell).split(" × ");
  return text.repeat(Number(count));
}
