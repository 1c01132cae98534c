import { readFile } from "node:fs/promises";
import { ConfigurationError } from "@acteon/core";
import type { StateTlsSettings } from "@acteon/state";

/** As `node:tls` takes them. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized: boolean;
}

/**
 * `undefined`: no TLS.
 * @param byUrl What the URL says.
 * @throws {ConfigurationError} A file cannot be read.
 */
export async function readTls(settings: StateTlsSettings, byUrl: boolean): Promise<TlsOptions | undefined> {
  const { enabled = byUrl, caPath, certPath, keyPath, insecure } = settings;
  if (!enabled) return undefined;
  const [ca, cert, key] = await Promise.all([caPath, certPath, keyPath].map(readPem));
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    rejectUnauthorized: !insecure,
  };
}

async function readPem(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new ConfigurationError(`the file ${path}, named in [state] for TLS, cannot be read`, { cause: error });
  }
}
