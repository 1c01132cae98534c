import { ConfigurationError, Secret } from "@acteon/core";
import { noTlsSettings, readTlsFiles } from "@acteon/state";
import type { StateTlsSettings, TlsFiles } from "@acteon/state";

/** Where the members of a cluster are, and how to speak to them. */
export interface EtcdAddress {
  /** `host:port` of each. */
  readonly endpoints: readonly string[];
  readonly user: { readonly name: string; readonly password: Secret } | undefined;
  readonly tls: EtcdTls | undefined;
}

export interface EtcdTls extends TlsFiles {
  /** Takes any certificate. */
  readonly insecure: boolean;
}

const form = "etcd://[user:password@]host:2379[,host:2379…] (etcds:// for TLS)";
const schemes: Readonly<Record<string, "plain" | "tls">> = { etcd: "plain", http: "plain", etcds: "tls", https: "tls" };

/**
 * The address that `state.url` is.
 * @throws {ConfigurationError} It has another form, or a file of `tls` cannot be read. Neither shows the URL: it may hold a password.
 */
export function parseEtcdAddress(url: string | undefined, settings: Partial<StateTlsSettings> = {}): EtcdAddress {
  const tls = { ...noTlsSettings, ...settings };
  if (url === undefined) throw malformed("is missing");
  const { scheme, userInfo, hosts } = /^(?<scheme>[a-z]+):\/\/(?:(?<userInfo>[^@/]*)@)?(?<hosts>[^@/?#]+)\/?$/.exec(url)
    ?.groups ?? { scheme: "", hosts: "" };
  const kind = schemes[scheme ?? ""];
  if (kind === undefined) throw malformed("has another form");
  const speaksTls = tls.enabled ?? kind === "tls";
  return {
    endpoints: (hosts ?? "").split(",").map(parseEndpoint),
    user: userInfo === undefined ? undefined : parseUser(userInfo),
    tls: speaksTls ? { ...readTlsFiles(tls), insecure: tls.insecure } : undefined,
  };
}

function parseEndpoint(text: string): string {
  const { host, port = "2379" } =
    /^(?<host>\[[0-9a-fA-F:]+\]|[^:[\]\s]+)(?::(?<port>\d{1,5}))?$/.exec(text)?.groups ?? {};
  if (host === undefined || Number(port) > 65_535) throw malformed("names a host in another form");
  return `${host}:${port}`;
}

function parseUser(userInfo: string): EtcdAddress["user"] {
  const [name = "", password] = userInfo.split(":");
  if (name === "" || password === undefined) throw malformed("has a user without a password");
  try {
    return { name: decodeURIComponent(name), password: new Secret(decodeURIComponent(password)) };
  } catch {
    // The cause would name the text.
    throw malformed("has a user or password that is not percent-encoded well");
  }
}

function malformed(fault: string): ConfigurationError {
  return new ConfigurationError(`state.url ${fault}`, { help: `write ${form}` });
}
