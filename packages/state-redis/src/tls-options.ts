import type { ConnectionOptions } from "node:tls";
import type { StateTlsSettings } from "@acteon/state";
import { readTlsFiles } from "@acteon/state";

/**
 * `undefined`: no TLS.
 * @param byUrl What the URL says.
 * @throws {ConfigurationError} A file cannot be read.
 */
export function tlsOptions(settings: StateTlsSettings, byUrl: boolean): ConnectionOptions | undefined {
  const { enabled = byUrl, insecure } = settings;
  return enabled ? { ...readTlsFiles(settings), rejectUnauthorized: !insecure } : undefined;
}
