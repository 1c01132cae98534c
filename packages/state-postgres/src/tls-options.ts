import type { ConnectionOptions } from "node:tls";
import { ConfigurationError } from "@acteon/core";
import { readTlsFiles } from "@acteon/state";
import type { StateTlsSettings } from "@acteon/state";
import type { PostgresAddress } from "./postgres-url.ts";

/** As libpq means them: encryption if the server has it; always; with a certificate of a known authority; and of this host. */
export const tlsModes = ["disable", "prefer", "require", "verify-ca", "verify-full"] as const;

export type TlsMode = (typeof tlsModes)[number];

export interface TlsChoice {
  readonly mode: TlsMode;
  /** `false`: none. */
  readonly options: ConnectionOptions | false;
}

/**
 * What `tls.mode` says, else `tls.enabled`, else `sslmode` of the URL, else `prefer`.
 * @throws {ConfigurationError} An unknown mode, settings that contradict each other, or a file that cannot be read.
 */
export function tlsChoice(settings: StateTlsSettings, address: PostgresAddress): TlsChoice {
  const mode = modeOf(settings, address);
  if (mode === "disable") return { mode, options: false };
  const files = readTlsFiles({
    caPath: settings.caPath ?? address.sslRootCert,
    certPath: settings.certPath ?? address.sslCert,
    keyPath: settings.keyPath ?? address.sslKey,
  });
  // libpq: `require` with an authority given is `verify-ca`.
  const verifies = mode === "verify-full" || mode === "verify-ca" || (mode === "require" && files.ca !== undefined);
  const options: ConnectionOptions = {
    ...files,
    rejectUnauthorized: verifies && !settings.insecure,
    ...(mode === "verify-full" ? {} : { checkServerIdentity: () => undefined }),
  };
  return { mode, options };
}

function modeOf({ enabled, mode, insecure }: StateTlsSettings, { sslMode }: PostgresAddress): TlsMode {
  const chosen = mode ?? (enabled === undefined ? sslMode : undefined);
  if (chosen !== undefined) {
    if (!isTlsMode(chosen))
      throw new ConfigurationError(`state.ssl_mode is ${chosen}; PostgreSQL knows ${tlsModes.join(", ")}`);
    if (enabled !== undefined && enabled === (chosen === "disable"))
      throw new ConfigurationError(`state.tls_enabled is ${enabled}, and state.ssl_mode ${chosen}`, {
        help: "leave one of them out",
      });
    return chosen;
  }
  if (enabled === undefined) return "prefer";
  if (!enabled) return "disable";
  return insecure ? "require" : "verify-full";
}

function isTlsMode(text: string): text is TlsMode {
  return tlsModes.some((mode) => mode === text);
}
