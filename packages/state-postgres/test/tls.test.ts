import { ConfigurationError } from "@acteon/core";
import type { StateTlsSettings } from "@acteon/state";
import { serverOrSkip, startPostgres } from "@acteon/test-servers";
import { beforeEach, describe, expect, test } from "vitest";
import { migratePostgresState, openPostgresState } from "../src/index.ts";
import { runSql } from "./test-space.ts";

const server = serverOrSkip("PostgreSQL", () => startPostgres({ tls: true }));

beforeEach(() => migratePostgresState({ url: server().url }));

describe("TLS, as tls.mode says", () => {
  test.each([
    ["disable", undefined, "127.0.0.1", false],
    ["prefer", undefined, "127.0.0.1", true],
    ["require", undefined, "127.0.0.1", true],
    ["verify-ca", "own", "127.0.0.1", true],
    ["verify-full", "own", "localhost", true],
  ])("%s with the authority %s to %s", async (mode, authority, host, encrypted) => {
    expect(await isEncrypted({ mode, caPath: authority === undefined ? undefined : server().certPath }, host)).toBe(
      encrypted,
    );
  });

  test.each([
    ["verify-ca", undefined, "127.0.0.1", /SELF_SIGNED_CERT\): name its authority in state\.tls_ca_cert_path/],
    ["verify-full", undefined, "localhost", /SELF_SIGNED_CERT\): name its authority in state\.tls_ca_cert_path/],
    ["verify-full", "own", "127.0.0.1", /ERR_TLS_CERT_ALTNAME_INVALID/],
  ])("%s with the authority %s refuses %s", async (mode, authority, host, reason) => {
    const tls = { mode, caPath: authority === undefined ? undefined : server().certPath };
    const refused = isEncrypted(tls, host);
    await expect(refused).rejects.toThrow(ConfigurationError);
    await expect(refused).rejects.toThrow(reason);
  });

  test("tls.enabled alone is verify-full, and with tls.insecure any certificate will do", async () => {
    await expect(isEncrypted({ enabled: true }, "127.0.0.1")).rejects.toThrow(/SELF_SIGNED/);
    expect(await isEncrypted({ enabled: true, insecure: true }, "127.0.0.1")).toBe(true);
  });

  test("sslmode and sslrootcert of the URL count where the settings say nothing", async () => {
    const url = `${server().url}?sslmode=verify-ca&sslrootcert=${encodeURIComponent(server().certPath)}`;
    await using _store = await openPostgresState({ url });
    expect(await sessionsWithTls()).toEqual([{ ssl: true }]);
  });
});

async function isEncrypted(tls: Partial<StateTlsSettings>, host: string): Promise<unknown> {
  await using _store = await openPostgresState({
    url: server().url.replace("127.0.0.1", host),
    tls,
    callTimeoutMs: 3_000,
  });
  return (await sessionsWithTls())[0]?.["ssl"];
}

function sessionsWithTls() {
  const sessions =
    "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'acteon'";
  return runSql(server().url, sessions);
}
