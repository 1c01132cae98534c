import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inspectJson } from "./json-inspector.ts";
import type { JsonValue } from "./json.ts";
import { defaultJsonLimits, parseJson, parseJsonText } from "./parse-json.ts";
import type { ParsedJson } from "./parse-json.ts";
import { DataDamagedError } from "./service-errors.ts";

function bytes(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));
}

/** Code and pointer of every problem, in their order. */
function refusals(parsed: ParsedJson): readonly string[] {
  return parsed.kind === "parsed" ? [] : parsed.problems.map(({ code, pointer }) => `${code} ${pointer}`);
}

function nested(levels: number, open = "[", close = "]"): string {
  return open.repeat(levels) + close.repeat(levels);
}

describe("a body that is no JSON (guarantees §8 row 1)", () => {
  test.each([
    ["", "at byte 0 expected a value, found the end"],
    ["   ", "at byte 3 expected a value, found the end"],
    ["nul", 'at byte 0 expected a value, found "n"'],
    ['{"a":1', "at byte 6 expected `,` or `}`, found the end"],
    ['{"a":1}x', 'at byte 7 expected nothing more, found "x"'],
    ['{"a":1}{}', 'at byte 7 expected nothing more, found "{"'],
    ['{"a" 1}', 'at byte 5 expected `:`, found "1"'],
    ["{a:1}", 'at byte 1 expected a key in double quotes or `}`, found "a"'],
    ['{"a":1,}', 'at byte 7 expected a key in double quotes, found "}"'],
    ["[1,]", 'at byte 3 expected a value, found "]"'],
    ["[1 2]", 'at byte 3 expected `,` or `]`, found "2"'],
    ["[", "at byte 1 expected a value or `]`, found the end"],
    ["[1}", 'at byte 2 expected `,` or `]`, found "}"'],
    ["01", 'at byte 1 expected nothing more, found "1"'],
    ["NaN", 'at byte 0 expected a value, found "N"'],
    ["'a'", 'at byte 0 expected a value, found "\'"'],
    ['"a', "at byte 2 expected the closing quote of the string, found the end"],
    ['"a\nb"', 'at byte 2 expected the closing quote of the string, found "\\n"'],
    ['"\\x"', 'at byte 1 expected an escape that JSON has, found "\\\\"'],
    ['{"größe":1 "b"}', 'at byte 13 expected `,` or `}`, found "\\""'],
    ["\ufeff{}", 'at byte 0 expected a value, found "\ufeff"'],
  ])("%j: %s", (text, message) => {
    expect(parseJson(Buffer.from(text))).toEqual({
      kind: "rejected",
      problems: [{ pointer: "", code: "malformed_json", message: `must be JSON: ${message}` }],
    });
  });

  test("is told beside what was wrong before it", () => {
    expect(refusals(parseJson('{"a":1,"a":1e400,'))).toEqual([
      "duplicate_key /a",
      "number_out_of_range /a",
      "malformed_json ",
    ]);
  });
});

describe("a body that is not UTF-8 (row 2)", () => {
  test.each([
    ["a byte that begins nothing", bytes('{"a":"', [0xff], '"}'), 6],
    ["a cut character", bytes('{"ü":"', [0xe6, 0x97], '"}'), 7],
    ["a character cut by the end", bytes('"', [0xf0, 0x9f, 0x98]), 1],
    ["an overlong form", bytes("[", [0xc0, 0xaf], "]"), 1],
    ["half a surrogate pair", bytes('"', [0xed, 0xa0, 0x80], '"'), 1],
    ["a bad byte behind a replacement character that was sent", bytes('"\ufffd\ufffd', [0x80], '"'), 7],
  ])("%s is found", (_what, body, offset) => {
    expect(parseJson(body)).toEqual({
      kind: "rejected",
      problems: [
        {
          pointer: "",
          code: "invalid_encoding",
          message: `must be UTF-8: the byte at offset ${offset} begins no character`,
        },
      ],
    });
  });

  test("a replacement character that was sent is text like any other", () => {
    expect(parseJson(bytes('"a\ufffd"'))).toEqual({ kind: "parsed", value: "a\ufffd" });
  });

  test("a view into a larger buffer is read in its own bounds", () => {
    const whole = new TextEncoder().encode("xx[1]xx");
    expect(parseJson(whole.subarray(2, 5))).toEqual({ kind: "parsed", value: [1] });
  });
});

describe("size (rows 7 and 8)", () => {
  test("128 levels are taken, 129 are not", () => {
    expect(parseJson(nested(128)).kind).toBe("parsed");
    expect(refusals(parseJson(nested(129)))).toEqual([`too_deep ${"/0".repeat(128)}`]);
    expect(parseJson(nested(127, '{"a":', "}").replace(":}", ":{}}")).kind).toBe("parsed");
    expect(refusals(parseJson(nested(128, '{"a":', "}").replace(":}", ":[]}")))).toEqual([
      `too_deep ${"/a".repeat(128)}`,
    ]);
  });

  test.each([
    ["arrays", nested(5_000_000)],
    ["arrays left open", "[".repeat(5_000_000)],
    ["objects left open", '{"a":'.repeat(5_000_000)],
  ])("5,000,000 levels of %s are refused, and nothing overflows", (_what, text) => {
    expect(refusals(parseJson(text))).toEqual([expect.stringMatching(/^too_deep /)]);
  });

  test("100,000 values are taken, one more is not", () => {
    const list = (values: number): string => `[${"0,".repeat(values - 2)}0]`;
    expect(parseJson(list(100_000)).kind).toBe("parsed");
    expect(refusals(parseJson(list(100_001)))).toEqual(["too_complex /99999"]);
    expect(refusals(parseJson(`[${"[],".repeat(100_000)}0]`))).toEqual(["too_complex /99999"]);
  });

  test("brackets in strings count for nothing", () => {
    const text = "[{".repeat(200_000);
    expect(parseJson(JSON.stringify({ text }))).toEqual({ kind: "parsed", value: { text } });
  });

  test("other limits can be asked for", () => {
    expect(refusals(parseJson("[[1]]", { maxDepth: 1, maxNodes: 10 }))).toEqual(["too_deep /0"]);
    expect(refusals(parseJson("[1,[2]]", { maxDepth: 9, maxNodes: 3 }))).toEqual(["too_complex /1/0"]);
  });
});

describe("keys (rows 9 and 10)", () => {
  test.each([
    ['{"__proto__":1}', "/__proto__"],
    ['{"\\u005f_proto__":1}', "/__proto__"],
    ['[{"a":{"__proto__":{}}}]', "/0/a/__proto__"],
    ['{"constructor":{"prototype":1}}', "/constructor/prototype"],
    ['{"a":[{"c\\u006fnstructor":{"x":1,"prototype":{}}}]}', "/a/0/constructor/prototype"],
  ])("%s is forbidden", (text, pointer) => {
    expect(refusals(parseJson(text))).toEqual([`forbidden_key ${pointer}`]);
  });

  test.each([
    '{"constructor":1}',
    '{"prototype":1}',
    '{"constructor":[{"prototype":1}]}',
    '{"proto":"__proto__"}',
    '{"__proto":1}',
  ])("%s is not", (text) => {
    expect(parseJson(text)).toEqual({ kind: "parsed", value: JSON.parse(text) as JsonValue });
  });

  test.each([
    ['{"a":1,"a":1}', "/a"],
    ['{"":0,"":0}', "/"],
    ['{"a":{"b":1,"b" : 2}}', "/a/b"],
    ['[0,{"~/":[],"\\u007e/":[]}]', "/1/~0~1"],
    ['{"a":"","\\u0061":""}', "/a"],
    ['{"a" :1,"a" :1}', "/a"],
    ['{"":1,"":1e9}', "/"], // written out, these numbers are longer than the member that they replace
    ['{"":1,"":1e-6}', "/"],
    ['{"":1,"":-5e12}', "/"],
  ])("%s has a key twice", (text, pointer) => {
    expect(refusals(parseJson(text))).toEqual([`duplicate_key ${pointer}`]);
  });

  test("a key in two objects, and a key that is an index too, are there once", () => {
    expect(parseJson('[{"a":{"a":1}},{"a":[0]},{"0":1}]').kind).toBe("parsed");
  });
});

describe("numbers and text (rows 11 and 12)", () => {
  test.each(["1e400", "-1e400", `1${"0".repeat(400)}.5`])("%s is out of range", (text) => {
    expect(refusals(parseJson(`{"n":[${text}]}`))).toEqual(["number_out_of_range /n/0"]);
  });

  test.each([
    "9007199254740993",
    "-9007199254740993",
    "12345678901234567890123456789",
    "9223372036854775808",
    `1${"0".repeat(300)}`,
  ])("the integer %s keeps its digits", (digits) => {
    const parsed = parseJson(`{"a":[${digits}],"b":1.5}`);
    expect(JSON.stringify(parsed)).toBe(`{"kind":"parsed","value":{"a":[${digits}],"b":1.5}}`);
  });

  test("an integer that no double can come near is out of range", () => {
    expect(refusals(parseJson(`1${"0".repeat(400)}`))).toEqual(["number_out_of_range "]);
  });

  test.each([
    "9007199254740991",
    "-9007199254740991",
    "0",
    "-0",
    "1e20",
    "1.5e300",
    "1e-9",
    "0.1",
    "1735689600000",
    "1e3",
  ])("%s is a number like any other", (text) => {
    expect(parseJson(`[${text}]`)).toEqual({ kind: "parsed", value: [Number(text)] });
  });

  test.each([
    ['{"a":["\\ud800"]}', "/a/0"],
    ['{"a":"\\udc00x"}', "/a"],
    ['"\\uDFFF\\uD800"', ""],
    ['"\ud800"', ""],
  ])("%j has a lone surrogate", (text, pointer) => {
    expect(refusals(parseJson(text))).toEqual([`ill_formed_text ${pointer}`]);
  });

  test("a key with a lone surrogate is ill-formed too", () => {
    expect(refusals(parseJson('{"\\ud800":1}'))).toEqual(["ill_formed_text /\ud800"]);
  });

  test.each(['"\\ud83d\\ude00"', '"😀"', '"C:\\\\ud800"', '"\\u00fc"'])("%s is well-formed", (text) => {
    expect(parseJson(text)).toEqual({ kind: "parsed", value: JSON.parse(text) as JsonValue });
  });
});

test("everything that is wrong is told at once, in the order of the text", () => {
  expect(refusals(parseJson('{"a":{"x":1,"x":"\\ud800"},"b":[1e999,{"__proto__":1}],"a":0}'))).toEqual([
    "duplicate_key /a/x",
    "ill_formed_text /a/x",
    "number_out_of_range /b/0",
    "forbidden_key /b/1/__proto__",
    "duplicate_key /a",
  ]);
});

test("no text makes a long list of problems", () => {
  const parsed = parseJson(`{${'"a":1,'.repeat(10_000)}"a":1}`);
  expect(refusals(parsed)).toHaveLength(50);
});

/** Texts of JSON written in every way that JSON allows, and then some: space, escapes, exponents, keys that come again. */
const space = fc.string({ unit: fc.constantFrom(" ", "\t", "\n", "\r"), maxLength: 2 });
const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("a", "b", ":", " ", "ü", "😀") },
  { weight: 1, arbitrary: fc.constantFrom('\\"', "\\\\", "\\n", "\\u0061", "\\u00fc", "\\ud83d\\ude00", "\\ud800") },
);
const string = fc.array(character, { maxLength: 4 }).map((characters) => `"${characters.join("")}"`);
const key = fc.oneof(
  { weight: 8, arbitrary: string },
  { weight: 1, arbitrary: fc.constantFrom('"__proto__"', '"constructor"', '"prototype"') },
);
const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
  fc.constantFrom("1e2", "1E+3", "100000", "-0", "1.50", "5e-1", "9007199254740993", "1e400", "1000000e-3", "12e5"),
);
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(string, number, fc.constantFrom("true", "false", "null")),
    fc
      .array(fc.tuple(space, tie("json"), space), { maxLength: 4 })
      .map((items) => `[${items.map((item) => item.join("")).join(",")}]`),
    fc
      .array(fc.tuple(space, key, space, fc.constant(":"), tie("json"), space), { maxLength: 4 })
      .map((members) => `{${members.map((member) => member.join("")).join(",")}}`),
  ),
}));

test("the quick look never misses what the exact one finds, and never finds more", () => {
  fc.assert(
    fc.property(json, (text) => {
      const problems = inspectJson(text, defaultJsonLimits);
      const parsed = parseJson(Buffer.from(text));
      expect(parsed.kind === "rejected" ? parsed.problems : []).toEqual(problems);
      if (parsed.kind === "parsed") {
        const roundTrip = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
        expect(roundTrip(parsed.value)).toEqual(roundTrip(JSON.parse(text)));
      }
    }),
    { numRuns: 3_000 },
  );
});

test("the exact look takes for JSON what JSON.parse takes for it", () => {
  const damaged = fc
    .tuple(json, fc.nat(), fc.constantFrom("", ",", ":", '"', "\\", "{", "]", "0", ".", "e", "-", "\u0000", "x"))
    .map(
      ([text, at, insert]) =>
        text.slice(0, at % (text.length + 1)) + insert + text.slice((at % (text.length + 1)) + (at % 2)),
    );
  fc.assert(
    fc.property(damaged, (text) => {
      const malformed = inspectJson(text, defaultJsonLimits).some(({ code }) => code === "malformed_json");
      let parses = true;
      try {
        JSON.parse(text);
      } catch {
        parses = false;
      }
      expect(malformed).toBe(!parses);
    }),
    { numRuns: 3_000 },
  );
});

describe("a record of our own", () => {
  test("comes back with its long integers", () => {
    const text = '{"a":[12345678901234567890,-9007199254740993,1.5],"b":"1234567890123456789"}';
    expect(JSON.stringify(parseJsonText(text))).toBe(text);
  });

  test("that is no JSON is damaged, and the error quotes nothing of it", () => {
    expect(() => parseJsonText('{"secret":')).toThrow(new DataDamagedError("a stored record is not JSON"));
  });
});
