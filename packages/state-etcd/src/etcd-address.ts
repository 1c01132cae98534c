import { readFileSync } from "node:fs";
import { ConfigurationError, Secret } from "@acteon/core";

/** Where the members of a cluster are, and how to speak to them. */
export interface EtcdAddress {
  /** `host:port` of each. */
  readonly endpoints: readonly string[];
  readonly user: { readonly name: string; readonly password: Secret } | undefined;
  readonly tls: EtcdTls | undefined;
}

/** The contents of PEM files; system certificates where `ca` is absent. */
export interface EtcdTls {
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  /** Takes any certificate. */
  readonly insecure: boolean;
}

export interface EtcdTlsFiles {
  /** `undefined`: as the URL says. */
  readonly enabled?: boolean | undefined;
  readonly caPath?: string | undefined;
  readonly certPath?: string | undefined;
  readonly keyPath?: string | undefined;
  readonly insecure?: boolean;
}

const form = "etcd://[user:password@]host:2379[,host:2379…] (etcds:// for TLS)";
const schemes: Readonly<Record<string, "plain" | "tls">> = { etcd: "plain", http: "plain", etcds: "tls", https: "tls" };

/**
 * The address that `state.url` is.
 * @throws {ConfigurationError} It has another form, or a file of `tls` cannot be read. Neither shows the URL: it may hold a password.
 */
export function parseEtcdAddress(url: string | undefined, tls: EtcdTlsFiles = {}): EtcdAddress {
  if (url === undefined) throw new ConfigurationError(`state.url is missing: ${form}`);
  const { scheme, userInfo, hosts } = /^(?<scheme>[a-z]+):\/\/(?:(?<userInfo>[^@/]*)@)?(?<hosts>[^@/?#]+)\/?$/.exec(url)
    ?.groups ?? { scheme: "", hosts: "" };
  const kind = schemes[scheme ?? ""];
  if (kind === undefined) throw new ConfigurationError(`state.url has another form than ${form}`);
  const speaksTls = tls.enabled ?? kind === "tls";
  return {
    endpoints: (hosts ?? "").split(",").map(parseEndpoint),
    user: userInfo === undefined ? undefined : parseUser(userInfo),
    tls: speaksTls ? readTls(tls) : undefined,
  };
}

function parseEndpoint(text: string): string {
  const { host, port = "2379" } =
    /^(?<host>\[[0-9a-fA-F:]+\]|[^:[\]\s]+)(?::(?<port>\d{1,5}))?$/.exec(text)?.groups ?? {};
  if (host === undefined || Number(port) > 65_535)
    throw new ConfigurationError(`state.url names a host in another form than ${form}`);
  return `${host}:${port}`;
}

function parseUser(userInfo: string): EtcdAddress["user"] {
  const [name = "", password] = userInfo.split(":");
  if (name === "" || password === undefined)
    throw new ConfigurationError(`state.url has a user without a password: ${form}`);
  try {
    return { name: decodeURIComponent(name), password: new Secret(decodeURIComponent(password)) };
  } catch {
    // The cause would name the text.
    throw new ConfigurationError("state.url has a user or password that is not percent-encoded well");
  }
}

function readTls({ caPath, certPath, keyPath, insecure = false }: EtcdTlsFiles): EtcdTls {
  if ((certPath === undefined) !== (keyPath === undefined))
    throw new ConfigurationError(
      "state.tls needs both files of a client certificate, or neither: ssl_cert and ssl_key",
    );
  return { ca: readPem(caPath), cert: readPem(certPath), key: readPem(keyPath), insecure };
}

function readPem(path: string | undefined): Buffer | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ConfigurationError(`a file of state.tls cannot be read: ${path}`, { cause });
  }
}
