import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressClass, isWithin, parseNetwork } from "./address-class.ts";
import type { AddressClass, Network } from "./address-class.ts";

describe("addressClass", () => {
  test.each<[string, AddressClass]>([
    ["8.8.8.8", "public"],
    ["1.1.1.1", "public"],
    ["172.15.255.255", "public"],
    ["172.32.0.0", "public"],
    ["100.63.255.255", "public"],
    ["100.128.0.0", "public"],
    ["223.255.255.255", "public"],
    ["0.0.0.0", "unspecified"],
    ["0.1.2.3", "unspecified"],
    ["127.0.0.1", "loopback"],
    ["127.255.255.254", "loopback"],
    ["10.1.2.3", "private"],
    ["172.16.0.1", "private"],
    ["172.31.255.255", "private"],
    ["192.168.1.1", "private"],
    ["169.254.0.1", "link-local"],
    ["169.254.169.254", "metadata"],
    ["169.254.170.2", "metadata"],
    ["100.100.100.200", "metadata"],
    ["168.63.129.16", "metadata"],
    ["100.64.0.1", "shared"],
    ["100.127.255.255", "shared"],
    ["192.0.0.8", "reserved"],
    ["192.88.99.1", "reserved"],
    ["192.0.2.1", "documentation"],
    ["198.51.100.7", "documentation"],
    ["203.0.113.7", "documentation"],
    ["198.18.0.1", "benchmark"],
    ["198.19.255.255", "benchmark"],
    ["224.0.0.1", "multicast"],
    ["239.255.255.255", "multicast"],
    ["240.0.0.1", "reserved"],
    ["255.255.255.255", "reserved"],
    ["2606:4700:4700::1111", "public"],
    ["2a00:1450:4001:81b::200e", "public"],
    ["::", "unspecified"],
    ["::1", "loopback"],
    ["fe80::1", "link-local"],
    ["febf::1", "link-local"],
    ["fec0::1", "private"],
    ["fc00::1", "private"],
    ["fd12:3456::1", "private"],
    ["fd00:ec2::254", "metadata"],
    ["fd20:ce::254", "metadata"],
    ["ff02::1", "multicast"],
    ["2001:db8::1", "documentation"],
    ["3fff::1", "documentation"],
    ["2001:2::1", "benchmark"],
    ["2001:0:4136:e378:8000:63bf:3fff:fdd2", "reserved"], // Teredo
    ["100::1", "reserved"],
    ["5f00::1", "reserved"],
    ["4000::1", "reserved"],
    ["64:ff9b:1::1", "private"],
    // Forms that carry an IPv4 address have its class.
    ["::ffff:127.0.0.1", "loopback"],
    ["::ffff:7f00:1", "loopback"],
    ["::ffff:8.8.8.8", "public"],
    ["::ffff:169.254.169.254", "metadata"],
    ["::7f00:1", "loopback"],
    ["::10.0.0.1", "private"],
    ["64:ff9b::7f00:1", "loopback"],
    ["64:ff9b::808:808", "public"],
    ["64:ff9b::a9fe:a9fe", "metadata"],
    ["2002:7f00:1::", "loopback"],
    ["2002:c0a8:101::1", "private"],
    ["2002:808:808::1", "public"],
    // What is no address, or only one on this machine's links.
    ["fe80::1%eth0", "reserved"],
    ["127.1", "reserved"],
    ["2130706433", "reserved"],
    ["localhost", "reserved"],
    ["", "reserved"],
  ])("%s is %s", (address, expected) => {
    expect(addressClass(address)).toBe(expected);
  });

  test("an IPv4 address has one class in each of the forms that carry it", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
        const high = ((a << 8) | b).toString(16);
        const low = ((c << 8) | d).toString(16);
        const expected = addressClass(address);
        expect(addressClass(`::ffff:${address}`)).toBe(expected);
        expect(addressClass(`::ffff:${high}:${low}`)).toBe(expected);
        expect(addressClass(`64:ff9b::${high}:${low}`)).toBe(expected);
        expect(addressClass(`2002:${high}:${low}::1`)).toBe(expected);
      }),
    );
  });

  test("only addresses of 2000::/3, and carriers, are public in IPv6", () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const first = Number.parseInt(address.split(":")[0] || "0", 16);
        if (addressClass(address) === "public") expect(first === 0 || first === 0x64 || first >> 13 === 1).toBe(true);
      }),
    );
  });
});

describe("networks", () => {
  test.each<[string, Network | undefined]>([
    ["10.0.0.0/8", { family: 4, prefix: 0x0a000000n, bits: 8 }],
    ["10.1.2.3", { family: 4, prefix: 0x0a010203n, bits: 32 }],
    ["0.0.0.0/0", { family: 4, prefix: 0n, bits: 0 }],
    ["fd00::/8", { family: 6, prefix: 0xfd00n << 112n, bits: 8 }],
    ["::1", { family: 6, prefix: 1n, bits: 128 }],
    ["10.0.0.1/8", undefined],
    ["10.0.0.0/33", undefined],
    ["fd00::/129", undefined],
    ["10.0.0.0/", undefined],
    ["10.0.0.0/8/8", undefined],
    ["10.0.0.0/-1", undefined],
    ["10/8", undefined],
    ["intranet", undefined],
    ["", undefined],
  ])("%s", (text, expected) => {
    expect(parseNetwork(text)).toEqual(expected);
  });

  test("an address is in a network of its own family only", () => {
    const networks = [parseNetwork("10.0.0.0/8")!, parseNetwork("fd00::/8")!];
    expect(isWithin(networks, "10.255.255.255")).toBe(true);
    expect(isWithin(networks, "11.0.0.0")).toBe(false);
    expect(isWithin(networks, "::ffff:10.0.0.1")).toBe(false);
    expect(isWithin(networks, "fdff::1")).toBe(true);
    expect(isWithin(networks, "intranet")).toBe(false);
  });
});
