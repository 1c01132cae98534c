import { randomBytes } from "node:crypto";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "@acteon/core";
import { createFakeClock } from "@acteon/core/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AuthConfig } from "../config/config.ts";
import { silentLogger } from "../log/logger.ts";
import { createApiKey } from "./api-key.ts";
import { openAuthenticator } from "./open-authenticator.ts";

let directory: string;
let config: Extract<AuthConfig, { kind: "keys" }>;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "acteon-auth-"));
  config = {
    kind: "keys",
    path: join(directory, "auth.toml"),
    watch: true,
    maxFailuresPerMinute: 1_000,
    maxTrackedFailures: 10,
  };
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const clock = createFakeClock();
const ports = { environment: {}, clock, logger: silentLogger };

/** Replaced in one step, as editors and mounted secrets do. */
function write(text: string): void {
  writeFileSync(`${config.path}.new`, text);
  renameSync(`${config.path}.new`, config.path);
}

function fileWith(keyHash: string): string {
  return `[[api_keys]]\nname = "ci"\nkey_hash = "${keyHash}"\n`;
}

describe("the file of API keys", () => {
  test("S3: is read again when it changes; a mistake in it keeps the old keys", async () => {
    const [first, second] = [createApiKey(randomBytes), createApiKey(randomBytes)];
    write(fileWith(first.keyHash));
    const errors: string[] = [];
    const logger = { ...silentLogger, error: (event: string) => errors.push(event) };
    using authenticator = await openAuthenticator(config, { ...ports, logger });
    const works = (key: string): boolean => {
      try {
        authenticator.authenticate({ authorization: `Bearer ${key}`, apiKey: undefined }, "here");
        return true;
      } catch {
        return false;
      }
    };
    expect([works(first.key), works(second.key)]).toEqual([true, false]);
    /** A second passes, again and again, until what is said holds. */
    const soon = async <T>(look: () => T, expected: T): Promise<void> => {
      await expect.poll(async () => (await clock.advanceAsync(1_000), look())).toEqual(expected);
    };
    write(fileWith(second.keyHash));
    await soon(() => [works(first.key), works(second.key)], [false, true]);
    write("[[api_keys]]\nnam = 1\n");
    await soon(() => errors, ["API keys not reread; the old ones stay"]);
    expect(works(second.key)).toBe(true);
    rmSync(config.path);
    await soon(() => errors.length, 2);
    write(fileWith(first.keyHash));
    await soon(() => works(first.key), true);
  });

  test("must be there, and right, when the server starts", async () => {
    await expect(openAuthenticator(config, ports)).rejects.toThrow(ConfigurationError);
    write("[[api_keys]]\n");
    await expect(openAuthenticator(config, ports)).rejects.toMatchObject({
      diagnostics: [{ code: "ACT-C007" }, { code: "ACT-C007" }],
    });
  });

  test("without authentication everybody comes in", async () => {
    using authenticator = await openAuthenticator({ kind: "none" }, ports);
    expect(authenticator.authenticate({ authorization: undefined, apiKey: undefined }, "here").role).toBe("admin");
  });
});
