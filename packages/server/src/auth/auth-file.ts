import type { Diagnostic } from "@acteon/core";
import type { Environment } from "../config/environment.ts";
import { ConfigReader } from "../config/reader.ts";
import {
  integer,
  later,
  laterAnything,
  required,
  secretText,
  table,
  tables,
  text,
  textList,
} from "../config/schema.ts";
import { parseToml } from "../config/toml-document.ts";
import type { Principal, Role } from "./principal.ts";
import { createPrincipal } from "./principal.ts";

/** One `[[api_keys]]` of `auth.toml`. */
export interface ApiKeyEntry {
  /** SHA-256 of the key, 32 bytes. */
  readonly digest: Buffer;
  readonly principal: Principal;
}

export interface ParsedAuthFile {
  readonly keys: readonly ApiKeyEntry[];
  /** With an error among them the file is of no use. */
  readonly diagnostics: readonly Diagnostic[];
}

const grants = tables({
  tenants: required(textList()),
  namespaces: required(textList()),
  providers: textList(["*"]),
  actions: required(textList()),
});

/** `wire-api.md` §24.3. */
const authSchema = table({
  settings: table({
    jwt_secret: later("signing in by user name", secretText()),
    jwt_expiry_seconds: later("signing in by user name", integer({ min: 1, max: 366 * 86_400, fallback: 3_600 })),
  }),
  users: laterAnything("signing in by user name"),
  api_keys: tables({
    name: required(text()),
    key_hash: required(secretText()),
    role: text("viewer"),
    grants,
  }),
});

/** Pure: the keys of the file, and all that is wrong with it. */
export function parseAuthFile(source: string, file: string, environment: Environment): ParsedAuthFile {
  const toml = parseToml(source, file);
  if (toml.kind === "rejected") return { keys: [], diagnostics: toml.diagnostics };
  const reader = new ConfigReader({ document: toml.document, environment, withoutOverrides: true });
  const raw = reader.read(authSchema);
  const seen = new Set<string>();
  const keys = raw.api_keys.flatMap((entry, i): readonly ApiKeyEntry[] => {
    const blame = (key: string): Parameters<ConfigReader["report"]>[1] => toml.document.valueSpan(["api_keys", i, key]);
    if (!/^[0-9a-f]{64}$/i.test(entry.key_hash ?? "")) {
      if (entry.key_hash !== undefined) {
        reader.report("ACT-C003", blame("key_hash"), {
          summary: `api_keys[${i}].key_hash must be a SHA-256 in hex: 64 digits`,
        });
      }
      return [];
    }
    const keyHash = entry.key_hash.toLowerCase();
    if (seen.has(keyHash)) {
      reader.report("ACT-C008", blame("key_hash"), { summary: `api_keys[${i}] has the key of another entry` });
      return [];
    }
    seen.add(keyHash);
    const role = roles.find((word) => word === entry.role);
    if (role === undefined) {
      reader.warn("ACT-C003", blame("role"), {
        summary: `api_keys[${i}].role is no role, so the key may only read`,
        help: `roles: ${roles.join(", ")}`,
      });
    }
    const principal = createPrincipal({
      id: entry.name,
      method: "api_key",
      role: role ?? "viewer",
      grants: entry.grants,
    });
    return [{ digest: Buffer.from(keyHash, "hex"), principal }];
  });
  return { keys, diagnostics: reader.diagnostics };
}

const roles: readonly Role[] = ["admin", "operator", "viewer"];
