import { ConfigurationError } from "@acteon/core";
import { expect, test } from "vitest";
import { parseEtcdAddress } from "./etcd-address.ts";

test("hosts, ports, user and TLS are read from the URL", () => {
  for (const [url, endpoints, name, tls] of [
    ["etcd://a", ["a:2379"], undefined, false],
    ["http://a:1,b:2/", ["a:1", "b:2"], undefined, false],
    ["etcds://u:p@a.example:3,[::1]:4", ["a.example:3", "[::1]:4"], "u", true],
    ["https://u%40x:p%3A@a", ["a:2379"], "u@x", true],
  ] as const) {
    const address = parseEtcdAddress(url);
    expect(address.endpoints).toEqual(endpoints);
    expect(address.user?.name).toBe(name);
    expect(address.tls !== undefined).toBe(tls);
  }
  expect(parseEtcdAddress("etcd://u:p%3Aq@a").user?.password.reveal()).toBe("p:q");
  expect(parseEtcdAddress("etcd://a", { enabled: true }).tls).toMatchObject({ insecure: false });
});

test("anything else is refused with the form, and without what may be a password", () => {
  for (const url of [
    undefined,
    "",
    "localhost:2379",
    "redis://secret@a",
    "etcd://secret@a",
    "etcd://u:secret@",
    "etcd://u:secret@a:b",
    "etcd://u:secret@a:99999",
    "etcd://u:secret@a,,b",
    "etcd://u:secret%zz@a",
    "etcd://u:secret@a/path",
  ]) {
    const refused = (): unknown => parseEtcdAddress(url);
    expect(refused).toThrow(ConfigurationError);
    expect(refused).not.toThrow(/secret/);
    expect(refused).toThrow(/state\.url/);
  }
});

test("files of certificates that are missing are named", () => {
  expect(() => parseEtcdAddress("etcds://a", { caPath: "/no/such/ca.pem" })).toThrow(/\/no\/such\/ca\.pem/);
  expect(() => parseEtcdAddress("etcds://a", { certPath: "/no/such/cert.pem" })).toThrow(
    /state\.ssl_cert and state\.ssl_key/,
  );
});
