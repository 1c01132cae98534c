import { readFileSync } from "node:fs";
import { ConfigurationError } from "@acteon/core";
import type { StateTlsSettings } from "./state-backend.ts";

/** The contents of PEM files, as `node:tls` takes them; the system's authorities where `ca` is absent. */
export interface TlsFiles {
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
}

/** Where nothing is said. */
export const noTlsSettings: StateTlsSettings = {
  enabled: undefined,
  mode: undefined,
  caPath: undefined,
  certPath: undefined,
  keyPath: undefined,
  insecure: false,
};

/** @throws {ConfigurationError} A file cannot be read, or half of a client's certificate is missing. */
export function readTlsFiles({
  caPath,
  certPath,
  keyPath,
}: Pick<StateTlsSettings, "caPath" | "certPath" | "keyPath">): TlsFiles {
  if ((certPath === undefined) !== (keyPath === undefined))
    throw new ConfigurationError("a client certificate for TLS is two files, and [state] names one", {
      help: "set state.ssl_cert and state.ssl_key, or neither",
    });
  return {
    ca: readPem("tls_ca_cert_path", caPath),
    cert: readPem("ssl_cert", certPath),
    key: readPem("ssl_key", keyPath),
  };
}

function readPem(key: string, path: string | undefined): Buffer | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (cause) {
    const help = `correct state.${key}${key === "tls_ca_cert_path" ? " (or ssl_root_cert)" : ""}`;
    throw new ConfigurationError(`the file ${path}, named for TLS, cannot be read`, { help, cause });
  }
}
