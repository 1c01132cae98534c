import { describe, expect, test } from "vitest";
import { parseNetwork } from "./address-class.ts";
import { checkUrl, mayConnect } from "./endpoint-url.ts";
import type { UrlPolicy } from "./endpoint-url.ts";

const anybody: UrlPolicy = {};
const operator: UrlPolicy = { operator: { allowNetworks: [] } };
const intranet: UrlPolicy = { operator: { allowNetworks: [parseNetwork("10.0.0.0/8")!, parseNetwork("fd00::/8")!] } };
const everything: UrlPolicy = { operator: { allowNetworks: [parseNetwork("0.0.0.0/0")!, parseNetwork("::/0")!] } };

function verdict(url: string, policy: UrlPolicy): string {
  const check = checkUrl(url, policy);
  return check.kind === "allowed" ? "allowed" : check.code;
}

describe("guarantees §8 rows 47 and 48, for anybody's URL and for the operator's", () => {
  test.each([
    // 47
    ["file:///etc/passwd", "url_not_allowed"],
    ["ftp://example.com/", "url_not_allowed"],
    ["gopher://example.com/", "url_not_allowed"],
    ["javascript:alert(1)", "url_not_allowed"],
    ["http://example.com/", "url_not_allowed"],
    ["https://user@example.com/", "url_not_allowed"],
    ["https://user:secret@example.com/", "url_not_allowed"],
    ["https://127.0.0.1@example.com/", "url_not_allowed"],
    ["https://example.com:22/", "url_not_allowed"],
    ["https://8.8.8.8:22/", "url_not_allowed"],
    ["https://example.com:80/", "url_not_allowed"],
    ["//example.com/", "url_not_allowed"],
    ["example.com", "url_not_allowed"],
    ["", "url_not_allowed"],
    // 48
    ["https://127.1/", "address_not_allowed"],
    ["https://2130706433/", "address_not_allowed"],
    ["https://0x7f.1/", "address_not_allowed"],
    ["https://0177.0.0.1/", "address_not_allowed"],
    ["https://[::ffff:7f00:1]/", "address_not_allowed"],
    ["https://[::ffff:127.0.0.1]/", "address_not_allowed"],
    ["https://[64:ff9b::7f00:1]/", "address_not_allowed"],
    ["https://169.254.169.254/", "address_not_allowed"],
    ["https://[fd00:ec2::254]/", "address_not_allowed"],
    ["https://[fe80::1]/", "address_not_allowed"],
    ["https://１２７.０.０.１/", "address_not_allowed"],
    ["https://１２７。０。０。１/", "address_not_allowed"],
    ["https://localhost./", "address_not_allowed"],
    ["https://LOCALHOST./", "address_not_allowed"],
    ["https://api.localhost/", "address_not_allowed"],
    ["https://0.0.0.0/", "address_not_allowed"],
    ["https://0/", "address_not_allowed"],
    ["https://10.0.0.1/", "address_not_allowed"],
    ["https://192.168.0.1/", "address_not_allowed"],
    ["https://100.64.0.1/", "address_not_allowed"],
    ["https://224.0.0.1/", "address_not_allowed"],
    ["https://[::]/", "address_not_allowed"],
  ])("%s: %s", (url, expected) => {
    expect(verdict(url, anybody)).toBe(expected);
    expect(verdict(url, operator)).toBe(expected);
  });

  test.each([
    "https://example.com/",
    "https://example.com:8443/hook?a=b",
    "https://8.8.8.8/",
    "https://[2606:4700::1]/",
  ])("%s: allowed", (url) => {
    expect(verdict(url, anybody)).toBe("allowed");
  });

  test("a refusal names neither the URL nor the address", () => {
    const check = checkUrl("https://169.254.169.254/latest?token=abc", anybody);
    expect(check).toEqual({
      kind: "refused",
      code: "address_not_allowed",
      message: "address not allowed: metadata",
    });
  });
});

describe("guarantees S4, the operator's exception", () => {
  test.each(["http://localhost:9000/", "http://127.0.0.1:9000/", "http://[::1]:9000/", "https://127.8.8.8:9000/"])(
    "a loopback address, plainly written, may be called at any port, by http too: %s",
    (url) => {
      expect(verdict(url, operator)).toBe("allowed");
      expect(verdict(url, anybody)).not.toBe("allowed");
    },
  );

  test.each([
    "http://127.1:9000/",
    "http://2130706433:9000/",
    "http://localhost.:9000/",
    "http://１２７.０.０.１:9000/",
  ])("but not spelled so that a reader would not know it: %s", (url) => {
    expect(verdict(url, operator)).not.toBe("allowed");
  });

  test("an address of an allowed network may be called at any port, by https", () => {
    expect(verdict("https://10.1.2.3:9443/", intranet)).toBe("allowed");
    expect(verdict("https://[fd00::7]:9443/", intranet)).toBe("allowed");
    expect(verdict("https://10.1.2.3:9443/", operator)).toBe("address_not_allowed");
    expect(verdict("https://192.168.1.1/", intranet)).toBe("address_not_allowed");
    expect(verdict("http://10.1.2.3/", intranet)).toBe("url_not_allowed");
  });

  test("a name may lead into an allowed network at any port, to a public address at a listed port only", () => {
    const check = checkUrl("https://hooks.intranet:9443/", intranet);
    if (check.kind === "refused") throw new Error(check.message);
    expect(mayConnect("10.1.2.3", check.reach)).toBe(true);
    expect(mayConnect("8.8.8.8", check.reach)).toBe(false);
    expect(mayConnect("127.0.0.1", check.reach)).toBe(false);
  });

  test("link-local and metadata addresses are never called, whatever is allowed", () => {
    for (const address of ["169.254.169.254", "169.254.1.1", "[fe80::1]", "[fd00:ec2::254]", "100.100.100.200"]) {
      expect(verdict(`https://${address}/`, everything), address).toBe("address_not_allowed");
    }
    expect(verdict("https://192.168.1.1/", everything)).toBe("allowed");
  });

  test("a name that stands for loopback leads nowhere else", () => {
    const check = checkUrl("http://localhost:443/", operator);
    if (check.kind === "refused") throw new Error(check.message);
    expect(mayConnect("127.0.0.1", check.reach)).toBe(true);
    expect(mayConnect("::1", check.reach)).toBe(true);
    expect(mayConnect("8.8.8.8", check.reach)).toBe(false);
    expect(mayConnect("10.0.0.1", check.reach)).toBe(false);
  });
});
