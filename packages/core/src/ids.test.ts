import { describe, expect, test } from "vitest";
import {
  idFault,
  maxIdBytes,
  maxScopeBytes,
  nameFault,
  namespaceFault,
  parseActionId,
  parseNamespace,
  parseTenant,
  tenantFault,
} from "./ids.ts";

describe("a namespace or tenant (guarantees K2, §8 row 14)", () => {
  test.each([
    "a",
    "acme",
    "acme.eu",
    "Acme_Corp-7.eu.west",
    "größe",
    "日本",
    "a=b",
    "a".repeat(maxScopeBytes),
    "ü".repeat(maxScopeBytes / 2),
  ])("may be %j", (text) => {
    expect(tenantFault(text)).toBeUndefined();
    expect(namespaceFault(text)).toBeUndefined();
  });

  test.each([
    ["", "must not be empty"],
    ["a:b", 'must not contain ":"'],
    ["a/b", 'must not contain "/"'],
    ["a\\b", 'must not contain "\\"'],
    ["*", 'must not contain "*"'],
    ["a?", 'must not contain "?"'],
    ["a#b", 'must not contain "#"'],
    ["%2f", 'must not contain "%"'],
    ["{x}", 'must not contain "{"'],
    ["x}", 'must not contain "}"'],
    ["[x", 'must not contain "["'],
    ["x]", 'must not contain "]"'],
    ["a b", "must not contain U+0020"],
    ["a\u00a0b", "must not contain U+00A0"],
    ["..", "must not have an empty level beside a dot"],
    ["a..b", "must not have an empty level beside a dot"],
    [".a", "must not have an empty level beside a dot"],
    ["a.", "must not have an empty level beside a dot"],
    ["a\u0000", "must not contain the control character U+0000"],
    ["a\u0085", "must not contain the control character U+0085"],
    ["a".repeat(maxScopeBytes + 1), "must not be longer than 128 bytes"],
    ["ü".repeat(65), "must not be longer than 128 bytes"],
  ])("may not be %j: %s", (text, message) => {
    expect(tenantFault(text)).toEqual({ code: "invalid_tenant", message });
    expect(namespaceFault(text)).toEqual({ code: "invalid_namespace", message });
  });

  test("may not have a lone surrogate (row 12)", () => {
    expect(tenantFault("a\ud800")).toMatchObject({ code: "ill_formed_text" });
  });
});

describe("an id (guarantees K2, §8 rows 13 and 16)", () => {
  test.each(["1", "a:b/c", "order 7", "..", "😀", "x".repeat(maxIdBytes), "ü".repeat(maxIdBytes / 2)])(
    "may be %j",
    (text) => {
      expect(idFault(text)).toBeUndefined();
    },
  );

  test.each([
    ["", { code: "invalid_id", message: "must not be empty" }],
    ["a\u0000b", { code: "invalid_id", message: "must not contain the control character U+0000" }],
    ["a\nb", { code: "invalid_id", message: "must not contain the control character U+000A" }],
    ["\u001b[31m", { code: "invalid_id", message: "must not contain the control character U+001B" }],
    ["\u007f", { code: "invalid_id", message: "must not contain the control character U+007F" }],
    ["x".repeat(maxIdBytes + 1), { code: "id_too_long", message: "must not be longer than 256 bytes" }],
    ["ü".repeat(129), { code: "id_too_long", message: "must not be longer than 256 bytes" }],
  ])("may not be %j", (text, fault) => {
    expect(idFault(text)).toEqual(fault);
  });

  test("is counted in bytes, not in characters", () => {
    expect(idFault("日".repeat(85))).toBeUndefined(); // 255 bytes
    expect(idFault("日".repeat(86))).toMatchObject({ code: "id_too_long" });
  });

  test("is never normalised or folded: bytes decide", () => {
    expect(parseActionId("é")).toEqual({ kind: "parsed", value: "é" });
    expect(parseActionId("e\u0301")).toEqual({ kind: "parsed", value: "e\u0301" });
  });

  test("a name is the same, but may be empty (row 17)", () => {
    expect(nameFault("")).toBeUndefined();
    expect(nameFault("a\tb")).toMatchObject({ code: "invalid_id" });
  });
});

test("what is no text is refused under the code of what it should be", () => {
  expect(parseTenant(7)).toEqual({ kind: "rejected", fault: { code: "invalid_tenant", message: "must be text" } });
  expect(parseNamespace(null)).toMatchObject({ fault: { code: "invalid_namespace" } });
  expect(parseActionId(undefined)).toMatchObject({ fault: { code: "invalid_id" } });
});

test("what holds is given back as it is", () => {
  expect(parseTenant("acme.eu")).toEqual({ kind: "parsed", value: "acme.eu" });
  expect(parseNamespace("a/b")).toMatchObject({ kind: "rejected" });
});
