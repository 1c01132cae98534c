import { ConfigurationError, StateUnavailableError } from "@acteon/core";
import { status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { refusedAtOpen, unavailable } from "./etcd-errors.ts";

function failed(code: number, details: string, overTls = false) {
  return { endpoint: "a:2379", failure: { code, details }, overTls };
}

test.each([
  [status.UNAVAILABLE, "etcdserver: request timed out", /most members did not agree in time/],
  [status.UNAVAILABLE, "etcdserver: no leader", /it elects one by itself/],
  [status.RESOURCE_EXHAUSTED, "etcdserver: mvcc: database space exceeded", /compact and defragment it/],
  [status.DEADLINE_EXCEEDED, "no answer within 2000 ms", /start etcd there, or correct state\.url/],
  [status.UNAVAILABLE, "connect ECONNREFUSED 127.0.0.1:1", /start etcd there/],
  [status.UNAVAILABLE, "Connection dropped", /write etcds:\/\/ in state\.url/],
  [status.UNAVAILABLE, "unable to verify the first certificate", /name its authority in state\.tls_ca_cert_path/],
])("%d %s is no answer, and says what to do", (code, details, help) => {
  const error = unavailable(failed(code, details));
  expect(error).toBeInstanceOf(StateUnavailableError);
  expect(error.found).toBe(`etcd at a:2379: ${details}`);
  expect(error.help).toMatch(help);
});

test("what grpc-js tells of its search for the address is left out, and so is its full stop", () => {
  const details =
    "No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: none";
  expect(unavailable(failed(status.UNAVAILABLE, details)).found).toBe(
    "etcd at a:2379: connect ECONNREFUSED 127.0.0.1:1",
  );
});

test("at open, a setting that cannot work is one to correct, and a member that is away is not", () => {
  const wrong = "etcdserver: authentication failed, invalid user ID or password";
  expect(refusedAtOpen(failed(status.INVALID_ARGUMENT, wrong))).toBeInstanceOf(ConfigurationError);
  expect(refusedAtOpen(failed(status.UNAVAILABLE, "Connection dropped"))).toBeInstanceOf(StateUnavailableError);
});
