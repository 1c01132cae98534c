import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parseAuthFile } from "./auth-file.ts";

const keyHash = hash("sha256", "the key", "hex");

function parse(text: string) {
  return parseAuthFile(text, "auth.toml", {});
}

function problems(text: string): readonly string[] {
  return parse(text).diagnostics.map(({ severity, span, summary }) => `${severity} ${span.start.line}: ${summary}`);
}

describe("auth.toml", () => {
  test("keys with their roles and grants", () => {
    const { keys, diagnostics } = parse(`
[[api_keys]]
name = "ci"
key_hash = "${keyHash}"
role = "operator"
[[api_keys.grants]]
tenants = ["acme"]
namespaces = ["*"]
actions = ["*"]
`);
    expect(diagnostics).toEqual([]);
    expect(keys).toMatchObject([
      {
        principal: {
          id: "ci",
          method: "api_key",
          role: "operator",
          grants: [{ tenants: ["acme"], namespaces: ["*"], providers: ["*"], actions: ["*"] }],
        },
      },
    ]);
    expect(keys[0]?.digest.toString("hex")).toBe(keyHash);
  });

  test("an empty file has no keys", () => {
    expect(parse("")).toEqual({ keys: [], diagnostics: [] });
  });

  test.each([
    ['[[api_keys]]\nname = "a"', ["error 1: api_keys[0].key_hash is missing"]],
    [
      '[[api_keys]]\nname = "a"\nkey_hash = "short"',
      ["error 3: api_keys[0].key_hash must be a SHA-256 in hex: 64 digits"],
    ],
    [
      `[[api_keys]]\nname = "a"\nkey_hash = "${keyHash}"\n[[api_keys.grants]]\ntenants = ["a"]`,
      ["error 4: api_keys[0].grants[0].namespaces is missing", "error 4: api_keys[0].grants[0].actions is missing"],
    ],
    [`[[api_keys]]\nname = "a"\nkey_hash = "${keyHash}"\nrol = "x"`, ["error 4: unknown key `rol` in [api_keys[0]]"]],
    [
      `[[api_keys]]\nname = "a"\nkey_hash = "${keyHash}"\n[[api_keys]]\nname = "b"\nkey_hash = "${keyHash.toUpperCase()}"`,
      ["error 6: api_keys[1] has the key of another entry"],
    ],
    [
      `[[api_keys]]\nname = "a"\nkey_hash = "${keyHash}"\nrole = "root"`,
      ["warning 4: api_keys[0].role is no role, so the key may only read"],
    ],
    ['[[users]]\nusername = "ops"', ["error 1: users: signing in by user name is not built yet"]],
    ['[settings]\njwt_secret = "x"', ["error 2: settings.jwt_secret: signing in by user name is not built yet"]],
  ])("%j", (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test("a key without grants may touch nothing", () => {
    const { keys } = parse(`[[api_keys]]\nname = "a"\nkey_hash = "${keyHash}"`);
    expect(keys).toMatchObject([{ principal: { role: "viewer", grants: [], unrestricted: false } }]);
  });
});
