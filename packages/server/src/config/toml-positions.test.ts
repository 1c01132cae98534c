import { describe, expect, test } from "vitest";
import { parse } from "smol-toml";
import { pathText, tomlPositions } from "./toml-positions.ts";

const text = `# a comment = "no key"
top = 1
"quoted key".inner = 'it''s' # not two keys

[server]
host = "0.0.0.0" # [not.a.table]
list = [
  "a = 1", # "b = 2"
  { x = 1, "y z" = [2, { w = 3 }] },
]
story = """
host = "not this one"
quotes ""\\" inside""""

[[providers]]
name = "a"
[providers.headers]
Authorization = "x"

[[providers]]
name = "b"
`.replace("'it''s'", "'its'");

function place(path: string): string {
  const found = tomlPositions(text, "f.toml").find((each) => pathText(each.path) === path);
  if (found === undefined) throw new Error(`no ${path}`);
  const { key, value } = found;
  return `${key.start.line}:${key.start.column} ${text.slice(key.start.offset, key.end.offset)} | ${text.slice(value.start.offset, value.end.offset)}`;
}

describe("the places of keys in a TOML text", () => {
  test.each([
    ["top", "2:1 top | 1"],
    ['"quoted key".inner', `3:1 "quoted key".inner | 'its'`],
    ["server", "5:2 server | server"],
    ["server.host", '6:1 host | "0.0.0.0"'],
    ["server.list[1].x", "9:5 x | 1"],
    ['server.list[1]."y z"', '9:12 "y z" | [2, { w = 3 }]'],
    ['server.list[1]."y z"[1].w', "9:26 w | 3"],
    ["providers", "15:3 providers | providers"],
    ["providers[0].name", '16:1 name | "a"'],
    ["providers[0].headers.Authorization", '18:1 Authorization | "x"'],
    ["providers[1].name", '21:1 name | "b"'],
  ])("%s stands at %s", (path, expected) => {
    expect(place(path)).toBe(expected);
  });

  test("no key is found in a string, a comment or a header", () => {
    const paths = tomlPositions(text, "f.toml").map(({ path }) => pathText(path));
    expect(paths.filter((path) => path.includes("not") || path.includes("host"))).toEqual(["server.host"]);
  });

  test("every key that the library reads has a place, and no other", () => {
    const leaves = (value: unknown, path: (string | number)[]): string[] =>
      typeof value === "object" && value !== null
        ? [
            ...(path.length > 0 && typeof path.at(-1) === "string" ? [pathText(path)] : []),
            ...Object.entries(value).flatMap(([key, item]) =>
              leaves(item, [...path, Array.isArray(value) ? Number(key) : key]),
            ),
          ]
        : [pathText(path)].filter(() => typeof path.at(-1) === "string");
    const found = new Set(tomlPositions(text, "f.toml").map(({ path }) => pathText(path)));
    const expected = leaves(parse(text), []).filter((path) => path !== '"quoted key"');
    expect(expected.filter((path) => !found.has(path))).toEqual([]);
  });
});
