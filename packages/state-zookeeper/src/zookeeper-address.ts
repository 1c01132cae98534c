import { ConfigurationError, Secret, encodeComponent } from "@acteon/core";
import type { ServerAddress } from "./client/connection.ts";

export interface ZooKeeperAddress {
  readonly servers: readonly ServerAddress[];
  /** `user:password`. */
  readonly credentials: Secret | undefined;
  /** `""`, or `/…`: all nodes lie under it. */
  readonly chroot: string;
}

const form = "zookeeper://[user:password@]host:port[,host:port…][/chroot]";
const defaultPort = 2181;

/** @throws {ConfigurationError} It has another form; the message shows the right one, and nothing of the wrong. */
export function parseZooKeeperUrl(url: string): ZooKeeperAddress {
  const [, userInfo, hosts = "", chroot = ""] = /^zookeeper:\/\/(?:([^@/]*)@)?([^@/]+)(\/[^?#]*)?$/.exec(url) ?? [];
  const servers = hosts.split(",").map(parseServer);
  const isChroot = chroot === "" || chroot === "/" || /^(\/[^/]+)+\/?$/.test(chroot);
  if (!isChroot || !servers.every((server) => server !== undefined))
    throw new ConfigurationError("state.url has another form", { help: `write ${form}` });
  return {
    servers,
    credentials: userInfo === undefined ? undefined : new Secret(parseCredentials(userInfo)),
    chroot: chroot.replace(/\/$/, ""),
  };
}

/** `/<chroot>/<prefix>`, under which everything lies. */
export function rootOf({ chroot }: Pick<ZooKeeperAddress, "chroot">, prefix: string): string {
  return `${chroot}/${encodeComponent(prefix)}`;
}

function parseServer(text: string): ServerAddress | undefined {
  const [, bracketed, plain, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const portNumber = port === undefined ? defaultPort : Number(port);
  return host === undefined || portNumber < 1 || portNumber > 65_535 ? undefined : { host, port: portNumber };
}

function parseCredentials(userInfo: string): string {
  const [user = "", password] = userInfo.split(":");
  try {
    if (user !== "" && password !== undefined) return `${decodeURIComponent(user)}:${decodeURIComponent(password)}`;
  } catch {
    // A `%` that encodes nothing.
  }
  throw new ConfigurationError("state.url has a user or password that cannot be read", {
    help: `write ${form}, with anything else than letters and digits as %HH`,
  });
}
