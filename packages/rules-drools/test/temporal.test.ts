import { actionOf, TinyStore } from "@acteon/rules/conformance";
import { describe, expect, test } from "vitest";
import { holds } from "./decide.ts";

const declared = `
declare Shift @role( event ) @timestamp( begins ) @duration( lasts )
    name : String
    begins : String
    lasts : String
end
declare Ping @role( event ) @timestamp( at ) at : long end
`;

function shift(name: string, begins: string, lasts: string) {
  return { name, begins: `2026-03-01T${begins}:00Z`, lasts };
}

/** The clock of the tests stands at noon. */
const action = actionOf({
  created_at: "2026-03-01T11:59:00Z",
  payload: {
    a: shift("a", "10:00", "2h"),
    shifts: [
      shift("same", "10:00", "2h"),
      shift("inside", "10:30", "1h"),
      shift("first", "10:00", "30m"),
      shift("last", "11:30", "30m"),
      shift("before", "08:00", "1h"),
      shift("touching", "08:00", "2h"),
      shift("into", "09:00", "90m"),
      shift("out", "11:00", "2h"),
      shift("after", "13:00", "1h"),
    ],
    ping: { at: Date.UTC(2026, 2, 1, 11) },
    nothing: null,
    noDate: "yesterday",
  },
});

describe("between events", () => {
  // `$b` is looked for among the shifts, and `$a` begins at 10:00 and ends at 12:00.
  test.each([
    ["after", ["after"]],
    ["after[1h, 2h]", ["after"]],
    ["after[2h, *]", []],
    ["before", ["before"]],
    ["before[0, 30m]", ["touching"]],
    ["before[0s]", ["before", "touching"]],
    ["coincides", ["same"]],
    ["coincides[30m]", ["same", "inside"]],
    ["coincides[0, 90m]", ["same", "first"]],
    ["during", ["inside"]],
    ["during[30m]", ["inside"]],
    ["during[40m, 1h]", []],
    ["during[0, 30m]", ["same", "inside"]],
    ["during[0, 30m, 0, 2h]", ["same", "inside", "first"]],
    ["finishes", ["last"]],
    ["meets", ["touching"]],
    ["meets[1h]", ["before", "touching", "into", "first"]],
    ["metby", []],
    ["metby[1h]", ["last", "out", "after"]],
    ["overlaps", ["into"]],
    ["overlaps[20m]", []],
    ["overlaps[20m, 40m]", ["into"]],
    ["overlappedby", ["out"]],
    ["starts", ["first"]],
    ["not starts", ["same", "inside", "last", "before", "touching", "into", "out", "after"]],
    ['before["0s", 1h]', ["before", "touching"]],
    ["after[-*, *]", ["same", "inside", "first", "last", "before", "touching", "into", "out", "after"]],
  ])("%s", async (operator, expected) => {
    for (const name of names) {
      const conditions = `$a : Shift() from action.payload.a
        Shift( name == "${name}", this ${operator} $a ) from action.payload.shifts`;
      expect(await holds(conditions, action, new TinyStore(), declared), name).toBe(expected.includes(name));
    }
  });

  test.each([
    ["includes", "inside"],
    ["finishedby", "last"],
    ["startedby", "first"],
  ])("%s is the other way round", async (operator, name) => {
    const conditions = `$b : Shift( name == "${name}" ) from action.payload.shifts
      Shift( this ${operator} $b ) from action.payload.a`;
    expect(await holds(conditions, action, new TinyStore(), declared)).toBe(true);
  });
});

const names = ["same", "inside", "first", "last", "before", "touching", "into", "out", "after"];

describe("between instants", () => {
  test.each([
    ["Action( createdAt before now, now after[1m] createdAt, createdAt before[0, 1m] now )", true],
    ["Action( createdAt after now )", false],
    ["Action( this before[1m, 1m] now )", true],
    ["Ping( this before[1h, 1h] now ) from action.payload.ping", true],
    ["$a : Action() Shift( this includes $a ) from $a.payload.a", true],
    // Of what is not there nothing holds.
    ["Action( payload.missing before now || payload.nothing after now || payload.missing after[-*, *] now )", false],
    ["Action( payload.missing not before now )", true],
  ])("%s", async (conditions, expected) => {
    expect(await holds(conditions, action, new TinyStore(), declared)).toBe(expected);
  });

  test("text that is no instant is an error", async () => {
    await expect(holds("Action( payload.noDate before now )", action)).rejects.toThrow(
      "text that is no RFC 3339 instant",
    );
  });
});
