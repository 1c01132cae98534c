import { ConfigurationError, Secret } from "@acteon/core";

/** Where a database is, and as whom. */
export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret | undefined;
  readonly database: string;
  /** `sslmode`, `sslrootcert`, `sslcert`, `sslkey` of the URL, as libpq calls them. */
  readonly sslMode: string | undefined;
  readonly sslRootCert: string | undefined;
  readonly sslCert: string | undefined;
  readonly sslKey: string | undefined;
}

export const urlForm = "postgres://user:password@host:5432/database";

const schemes = new Set(["postgres:", "postgresql:"]);
const knownParameters = new Set(["sslmode", "sslrootcert", "sslcert", "sslkey"]);
const defaultPort = 5_432;

/** @throws {ConfigurationError} It is no such URL; the message shows the form, and nothing of the URL but names. */
export function parsePostgresUrl(text: string | undefined): PostgresAddress {
  if (text === undefined) throw refused("is missing");
  let url;
  try {
    url = new URL(text);
  } catch {
    throw refused("is no URL (`%`, `/`, `@` and `#` of a password are written as %25, %2F, %40, %23)");
  }
  if (!schemes.has(url.protocol)) throw refused(`begins with ${url.protocol}//`);
  if (url.hostname === "") throw refused("names no host");
  if (url.username === "") throw refused("names no user");
  const unknown = [...url.searchParams.keys()].find((name) => !knownParameters.has(name));
  if (unknown !== undefined) throw refused(`has the unknown parameter ${unknown}`);
  const user = decoded(url.username);
  const database = decoded(url.pathname.slice(1));
  const parameter = (name: string): string | undefined => url.searchParams.get(name) ?? undefined;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? defaultPort : Number(url.port),
    user,
    password: url.password === "" ? undefined : new Secret(decoded(url.password)),
    database: database === "" ? user : database,
    sslMode: parameter("sslmode"),
    sslRootCert: parameter("sslrootcert"),
    sslCert: parameter("sslcert"),
    sslKey: parameter("sslkey"),
  };
}

/** For messages: `host:port/database`. */
export function addressText({ host, port, database }: PostgresAddress): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}/${database}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused("has a `%` that is no escape (write it as %25)");
  }
}

function refused(fault: string): ConfigurationError {
  return new ConfigurationError(`state.url ${fault}`, { help: `for PostgreSQL it looks like ${urlForm}` });
}
