import { BlockList } from "node:net";
import { isLoopbackHost } from "../auth/loopback.ts";
import { addNetwork } from "../http/networks.ts";
import type { RawConfig } from "./read-config.ts";
import type { ConfigReader } from "./reader.ts";
import { checkStore } from "./store-config.ts";

/** What no key can tell by itself: forms of text, and values that do not go together. */
export function checkTogether(
  { server, state, lock, rules, executor, audit, auth }: RawConfig,
  reader: ConfigReader,
  { insecureNoAuth }: { readonly insecureNoAuth: boolean },
): void {
  const wrong = (section: string, key: string, summary: string, help?: string): void =>
    reader.report("ACT-C003", reader.document.valueSpan([section, key]), {
      summary,
      ...(help === undefined ? {} : { help }),
    });
  const conflict = (section: string, key: string, summary: string, help: string): void =>
    reader.report("ACT-C008", reader.document.valueSpan([section, key]), { summary, help });

  if (!auth.enabled && !insecureNoAuth && !isLoopbackHost(server.host)) {
    reader.report("ACT-A001", reader.document.valueSpan(["server", "host"]), {
      summary: "no authentication on an address that other machines reach",
      label: "not a loopback address",
      help: "set auth.enabled = true and add a key to auth.toml, or start with --insecure-no-auth",
    });
  }
  checkStore("state", state.backend, state, reader);
  checkStore("lock", lock.backend, lock, reader);
  if (server.workers > 1 && state.backend === "memory") {
    conflict(
      "server",
      "workers",
      "several workers cannot share state that each keeps in its own memory",
      'set state.backend to "embedded" or a store on another machine, or server.workers = 1',
    );
  }
  if (lock.backend === "memory" && state.backend !== "memory") {
    conflict(
      "lock",
      "backend",
      "locks in the memory of one process do not keep others from the state that they share",
      "remove lock.backend, or name a store that all of them reach",
    );
  }
  if (server.workers > 1 && audit.enabled && audit.backend === "memory") {
    conflict(
      "server",
      "workers",
      "several workers cannot share an audit trail that each keeps in its own memory",
      'set audit.backend = "sqlite", or server.workers = 1',
    );
  }
  if (audit.enabled && audit.mode === "required" && state.backend === "memory") {
    conflict(
      "audit",
      "mode",
      "a required audit trail needs state that outlives the process (guarantees G9)",
      'set state.backend to "embedded" or a store on another machine',
    );
  }
  if (server.max_buffered_bytes < server.max_body_bytes) {
    conflict(
      "server",
      "max_buffered_bytes",
      "server.max_buffered_bytes holds not even one server.max_body_bytes",
      "raise it",
    );
  }
  if (executor.base_backoff_ms > executor.max_backoff_ms) {
    conflict(
      "executor",
      "base_backoff_ms",
      "executor.base_backoff_ms is longer than executor.max_backoff_ms",
      "swap them",
    );
  }
  if (server.external_url !== undefined && !isHttpUrl(server.external_url)) {
    wrong("server", "external_url", "server.external_url must be an http or https URL");
  }
  for (const origin of server.cors_allowed_origins) {
    if (origin === "*" || isOrigin(origin)) continue;
    wrong(
      "server",
      "cors_allowed_origins",
      "server.cors_allowed_origins must hold origins, such as https://ops.example",
    );
  }
  for (const network of server.trusted_proxies) {
    if (addNetwork(new BlockList(), network)) continue;
    wrong("server", "trusted_proxies", "server.trusted_proxies must hold addresses or networks, such as 10.0.0.0/8");
  }
  if (rules.data.length > 0 && rules.directory === undefined) {
    conflict(
      "rules",
      "data",
      "rules.data is for the rules of rules.directory, and there is none",
      "set rules.directory",
    );
  }
  if (!isTimeZone(rules.default_timezone)) {
    wrong(
      "rules",
      "default_timezone",
      "rules.default_timezone is not a time zone",
      "use an IANA name, such as Europe/Berlin",
    );
  }
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === "http:" || url.protocol === "https:");
}

function isOrigin(text: string): boolean {
  return isHttpUrl(text) && URL.parse(text)?.origin === text;
}

function isTimeZone(name: string): boolean {
  if (name === "UTC") return true; // not asked of Intl, whose tables of dates and zones are 7 MB that many servers never need
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
