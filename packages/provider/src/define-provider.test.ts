import { Secret, systemClock, systemRandom, ValidationError } from "@acteon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { headersField, networksField, operatorUrl, secretField } from "./config-fields.ts";
import { defineProvider } from "./define-provider.ts";
import type { ProviderPorts } from "./define-provider.ts";
import { openHttp } from "./http/open-http.ts";

const ports: ProviderPorts = {
  name: "mine",
  http: openHttp({ clock: systemClock }),
  clock: systemClock,
  random: systemRandom,
  print: () => {},
};

const result = { kind: "answered", response: { status: "success", body: null, headers: {} } } as const;

const example = defineProvider({
  type: "example",
  config: z
    .strictObject({
      url: z.string(),
      token: secretField(),
      headers: headersField().default({}),
      allow_networks: networksField().default([]),
    })
    .superRefine(operatorUrl("url")),
  create: ({ token }) => ({ execute: () => ({ ...result, response: { ...result.response, body: token.reveal() } }) }),
});

function problemsOf(config: unknown): unknown {
  try {
    example.open(config, ports);
  } catch (error) {
    if (error instanceof ValidationError) return error.problems.map(({ pointer, code }) => [pointer, code]);
    throw error;
  }
  return [];
}

test("a provider has its configured name, and the defaults of what its definition leaves out", async () => {
  const provider = example.open({ url: "https://example.com", token: new Secret("t") }, ports);
  expect(provider).toMatchObject({ name: "mine", dedup: { kind: "none" }, onAmbiguous: "retry" });
  expect(await provider.healthCheck({ signal: new AbortController().signal })).toEqual({ kind: "healthy" });
  await provider.close();
});

test("every problem of a configuration is told, with its place and code and without its value", () => {
  const config = {
    url: "http://s3cret.example.com",
    token: "",
    headers: { "x-a": "s3cret\n", host: "s3cret" },
    allow_networks: ["10.0.0.0/8", "s3cret"],
    "a/b": "s3cret",
  };
  expect(problemsOf(config)).toEqual([
    ["/token", "invalid_configuration"],
    ["/headers/x-a", "header_injection"],
    ["/headers/host", "reserved_header"],
    ["/allow_networks/1", "invalid_configuration"],
    ["/a~1b", "invalid_configuration"],
  ]);
  expect(() => example.open(config, ports)).not.toThrow(/s3cret/);
});

test("the URL is checked as the operator's own", () => {
  expect(problemsOf({ url: "http://127.0.0.1:9000", token: "t" })).toEqual([]);
  expect(problemsOf({ url: "https://10.0.0.1", token: "t", allow_networks: ["10.0.0.0/8"] })).toEqual([]);
  expect(problemsOf({ url: "https://10.0.0.1", token: "t" })).toEqual([["/url", "address_not_allowed"]]);
  expect(problemsOf({ url: "http://example.com", token: "t" })).toEqual([["/url", "url_not_allowed"]]);
});
