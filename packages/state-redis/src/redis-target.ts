import { ConfigurationError } from "@acteon/core";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What a URL says. */
export type RedisTarget = {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly tls: boolean;
} & (
  | { readonly kind: "single"; readonly address: Address; readonly db: number }
  | {
      readonly kind: "sentinel";
      readonly sentinels: readonly Address[];
      readonly master: string;
      readonly db: number;
    }
  | { readonly kind: "cluster"; readonly nodes: readonly Address[] }
);

const forms =
  "redis://[user:password@]host:port[/db], rediss://… for TLS, redis+sentinel://[user:password@]host:port,host:port/master[/db]" +
  " or redis+cluster://[user:password@]host:port,host:port";

/** @throws {ConfigurationError} It has none of the forms; the message shows them, and nothing of the URL. */
export function parseRedisUrl(url: string | undefined): RedisTarget {
  if (url === undefined) throw malformed("it is missing");
  const parts = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/([^?#]*))?$/.exec(url);
  if (parts === null) throw malformed("it has another form");
  const [, scheme, kind, userInfo, hosts = "", path = ""] = parts;
  const access = { ...parseUserInfo(userInfo), tls: scheme === "rediss" };
  if (kind === "cluster") {
    if (path !== "") throw malformed("a cluster has no databases");
    return { kind, ...access, nodes: parseAddresses(hosts, 6379) };
  }
  if (kind === "sentinel") {
    const [master = "", db = ""] = path.split("/");
    if (master === "") throw malformed("the name that the sentinels give the master is missing");
    return { kind, ...access, sentinels: parseAddresses(hosts, 26_379), master: decode(master), db: parseDatabase(db) };
  }
  const [address, ...others] = parseAddresses(hosts, 6379) as [Address, ...Address[]];
  if (others.length > 0) throw malformed("several addresses, but neither redis+sentinel nor redis+cluster");
  return { kind: "single", ...access, address, db: parseDatabase(path) };
}

/** For messages: who is spoken to, without credentials. */
export function describeTarget(target: RedisTarget): string {
  switch (target.kind) {
    case "single":
      return `Redis at ${list([target.address])}`;
    case "sentinel":
      return `Redis ${target.master} of the sentinels at ${list(target.sentinels)}`;
    case "cluster":
      return `Redis Cluster at ${list(target.nodes)}`;
  }
}

function list(addresses: readonly Address[]): string {
  return addresses.map(({ host, port }) => `${host.includes(":") ? `[${host}]` : host}:${port}`).join(", ");
}

function parseUserInfo(text = ""): Pick<RedisTarget, "username" | "password"> {
  const [username = "", ...rest] = text.split(":");
  const password = rest.join(":");
  if (username !== "" && rest.length === 0)
    throw malformed("a user without a password; for a password alone write `:password@`");
  return {
    username: username === "" ? undefined : decode(username),
    password: password === "" ? undefined : decode(password),
  };
}

function parseAddresses(text: string, defaultPort: number): readonly Address[] {
  return text.split(",").map((address) => {
    const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(address.trim());
    const port = Number(parts?.[3] ?? defaultPort);
    const host = parts?.[1] ?? parts?.[2];
    if (host === undefined || port < 1 || port > 65_535) throw malformed("an address is not host:port");
    return { host, port };
  });
}

function parseDatabase(text: string): number {
  if (text === "") return 0;
  if (!/^\d{1,5}$/.test(text)) throw malformed("the database is not a number");
  return Number(text);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed("a % that is part of a name or password is written %25");
  }
}

function malformed(why: string): ConfigurationError {
  return new ConfigurationError(`state.url is not an address of Redis: ${why}`, { help: `write ${forms}` });
}
