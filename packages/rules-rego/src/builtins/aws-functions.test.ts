import type { Value } from "@acteon/rules";
import { expect, test } from "vitest";
import { call, shown } from "./testing.ts";

const config = { aws_access_key: "AKID", aws_secret_access_key: "secret", aws_service: "s3", aws_region: "us-east-1" };
const timeNs = 1_451_311_705_000_000_000n;

function signed(request: Value, changes: Readonly<Record<string, Value>> = {}): Readonly<Record<string, Value>> {
  return call("providers.aws.sign_req", request, { ...config, ...changes }, timeNs) as Readonly<Record<string, Value>>;
}

test("a request is returned with the headers that sign it", () => {
  const request = {
    method: "get",
    url: "https://user@example.com:8080/a b?x=1#y",
    headers: { Foo: ["b", "c"], "User-Agent": "me" },
    timeout: 5,
  };
  expect(signed(request)).toEqual({
    ...request,
    headers: {
      Foo: ["b", "c"],
      "User-Agent": "me",
      host: "example.com:8080",
      "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "x-amz-date": "20151228T140825Z",
      Authorization:
        "AWS4-HMAC-SHA256 Credential=AKID/20151228/us-east-1/s3/aws4_request,SignedHeaders=foo;host;x-amz-content-sha256;x-amz-date,Signature=43971d550fc6ca3dd0b9a0e80dd1418ef3ec28ab40ca48f9b604ba41900eef16",
    },
  });
});

// The request of OPA's suite, and its keys.
test.each([
  ["http://example.com", {}, "0047a7016c81e5c7f29cd522f97e911e04fc472fced0aee7916cbc287ad6c8e3"],
  ["https://example.com", { foo: "bar" }, "8f1dc7c9b9978356a0d0989fd26a95307f4f8a4aa264d8220647b7097d839952"],
])("the signature of %s with %j", (url, headers, signature) => {
  const keys = { aws_access_key: "MYAWSACCESSKEYGOESHERE", aws_secret_access_key: "MYAWSSECRETACCESSKEYGOESHERE" };
  const { Authorization } = signed({ method: "get", url, headers }, keys).headers as { readonly Authorization: string };
  expect(Authorization.split("Signature=")[1]).toBe(signature);
});

test.each([
  ["a body in JSON", { body: { b: 1, a: [] } }, {}, "1c8f8816506a8ccbc55140d8a7bb70214a8942c7030fc0fc2914cec675cd1c15"],
  [
    "a body as it is",
    { raw_body: "x", body: 1 },
    {},
    "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
  ],
  ["a payload that is not signed", { raw_body: "x" }, { disable_payload_signing: true }, "UNSIGNED-PAYLOAD"],
  ["no S3", { raw_body: "x" }, { aws_service: "ec2" }, undefined],
])("the payload: %s", (_, fields, changes, hash) => {
  const { headers } = signed({ method: "POST", url: "https://example.com", ...fields }, changes);
  expect((headers as Readonly<Record<string, string>>)["x-amz-content-sha256"]).toBe(hash);
});

test("credentials for a session are sent and signed", () => {
  const { headers } = signed({ method: "get", url: "https://example.com" }, { aws_session_token: "token" });
  expect(headers).toMatchObject({ "x-amz-security-token": "token" });
  expect((headers as Readonly<Record<string, string>>)["Authorization"]).toContain("x-amz-date;x-amz-security-token,");
});

test.each<[string, Value, Value, Value]>([
  ["no method and no URL", {}, config, timeNs],
  ["a method that is no text", { method: 1, url: "http://a.b" }, config, timeNs],
  ["a URL without a host", { method: "get", url: "/a" }, config, timeNs],
  ["headers that are no texts", { method: "get", url: "http://a.b", headers: { a: 1 } }, config, timeNs],
  ["a raw body that is no text", { method: "get", url: "http://a.b", raw_body: 1 }, config, timeNs],
  ["a field that no request has", { method: "get", url: "http://a.b", foo: 1 }, config, timeNs],
  ["no keys", { method: "get", url: "http://a.b" }, {}, timeNs],
  [
    "a switch that is neither on nor off",
    { method: "get", url: "http://a.b" },
    { ...config, disable_payload_signing: "no" },
    timeNs,
  ],
])("%s is refused", (_, request, keys, time) => {
  expect(shown("providers.aws.sign_req", request, keys, time)).toBe("fault");
});

test("a time before the epoch is none", () => {
  expect(shown("providers.aws.sign_req", { method: "get", url: "http://a.b" }, config, -1)).toBe("mismatch");
});
