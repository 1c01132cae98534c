import { randomBytes } from "node:crypto";
import { createApiKey } from "@acteon/server";
import type { Run } from "../command.ts";

const roles = ["admin", "operator", "viewer"] as const;

export const run: Run = async ({ args, options, output }) => {
  const [name = ""] = args;
  const role = options.word("role", roles, "operator");
  const { key, keyHash } = createApiKey(randomBytes);
  output.result({ name, role, key, key_hash: keyHash }, () => key);
  output.note("The key is shown only now. Put this into auth.toml:\n");
  output.note(`[[api_keys]]\nname = ${JSON.stringify(name)}\nkey_hash = "${keyHash}"\nrole = "${role}"`);
  output.note(grants);
  return 0;
};

/** Without any a key may do nothing, and whoever holds it would look for the reason elsewhere. */
const grants = `[[api_keys.grants]]  # what the key may touch: everything, unless you narrow it
tenants = ["*"]
namespaces = ["*"]
actions = ["*"]`;
