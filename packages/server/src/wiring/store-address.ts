import type { RemoteStoreConfig } from "../config/config.ts";

/** Where a store is, as it may be shown (guarantees S6). */
export function storeAddress({ url, settings }: RemoteStoreConfig): string {
  return url === undefined ? `AWS ${settings.region ?? ""}`.trimEnd() : maskedUrl(url.reveal());
}

/** A URL with credentials and parameters starred out; of what is no URL nothing is shown. */
export function maskedUrl(url: string): string {
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+.-]*:\/\/)(.*)$/is.exec(url) ?? [];
  if (scheme === undefined) return "***";
  // Behind the last @, because a password that was not escaped may hold any character.
  const at = rest.lastIndexOf("@");
  const place = at < 0 ? rest : rest.slice(at + 1);
  const parameters = place.search(/[?#]/);
  const shown = parameters < 0 ? place : `${place.slice(0, parameters)}?***`;
  return `${scheme}${at < 0 ? "" : "***@"}${shown}`;
}
