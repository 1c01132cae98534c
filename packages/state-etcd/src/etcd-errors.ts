import { ConfigurationError, StateUnavailableError } from "@acteon/core";
import type { ActeonErrorOptions } from "@acteon/core";
import { certificateHelp } from "@acteon/state";
import { status } from "@grpc/grpc-js";

/** The part of grpc-js's errors that says what the server, or the connection to it, had against a call. */
export interface CallFailure {
  readonly code: number;
  readonly details: string;
}

/** A call that failed, and at whom. */
export interface FailedCall {
  readonly endpoint: string;
  readonly failure: CallFailure;
  /** The connection was to speak TLS. */
  readonly overTls: boolean;
}

/** Texts of etcd's errors, and what they ask of an operator. Each of them means that nothing of the call was done. */
const cures: readonly { readonly text: string; readonly cure: string; readonly settings?: true }[] = [
  {
    text: "authentication failed, invalid user ID or password",
    cure: "correct user and password in state.url",
    settings: true,
  },
  { text: "user name is empty", cure: "etcd wants a user: write etcd://user:password@… in state.url", settings: true },
  {
    text: "authentication is not enabled",
    cure: "leave user and password out of state.url, or run `etcdctl auth enable`",
    settings: true,
  },
  {
    text: "permission denied",
    cure: "grant the user read and write of all keys that begin with state.prefix and a slash: `etcdctl role grant-permission --prefix=true <role> readwrite <prefix>/`",
    settings: true,
  },
  {
    text: "database space exceeded",
    cure: "etcd is full: compact and defragment it, then `etcdctl alarm disarm`; raise --quota-backend-bytes if it fills again",
  },
  { text: "request is too large", cure: "a record does not fit into one request: raise etcd's --max-request-bytes" },
  { text: "too many operations in txn", cure: "etcd's --max-txn-ops is below its default: 128 are needed" },
  { text: "too many requests", cure: "etcd has more to do than its disk bears: give it a faster one, or send less" },
  {
    text: "request timed out",
    cure: "most members did not agree in time: see that they run and reach each other, and that their disks are fast enough",
  },
  { text: "not enough started members", cure: "start the members of the cluster that are away" },
  {
    text: "no leader",
    cure: "the cluster has no leader: it elects one by itself while most of its members reach each other",
  },
];

/** An answer that says that nothing was done, for want of what can be had anew. */
export function isLeaseLost({ details }: CallFailure): boolean {
  return details.includes("requested lease not found");
}

export function isTokenOver({ code, details }: CallFailure): boolean {
  return code === status.UNAUTHENTICATED || details.includes("invalid auth token");
}

export function isCompacted({ code, details }: CallFailure): boolean {
  return code === status.OUT_OF_RANGE && details.includes("compacted");
}

/** The connection, not the server, may be at fault: another member may answer. */
export function isSilence({ code }: CallFailure): boolean {
  return code === status.UNAVAILABLE || code === status.DEADLINE_EXCEEDED || code === status.CANCELLED;
}

/** What a failed call is to the rest of the gateway; the message names the member and, where there is one, the cure. */
export function unavailable(call: FailedCall): StateUnavailableError {
  return new StateUnavailableError(foundIn(call), helpFor(call));
}

/** The same at open, where settings that cannot work are the operator's to change. */
export function refusedAtOpen(call: FailedCall): StateUnavailableError | ConfigurationError {
  return cureOf(call.failure)?.settings === true
    ? new ConfigurationError(foundIn(call), helpFor(call))
    : unavailable(call);
}

function foundIn({ endpoint, failure }: FailedCall): string {
  return `etcd at ${endpoint}: ${reason(failure)}`;
}

function helpFor(call: FailedCall): ActeonErrorOptions {
  return { help: cureOf(call.failure)?.cure ?? connectionCure(call), cause: call.failure };
}

function cureOf({ details }: CallFailure): (typeof cures)[number] | undefined {
  return cures.find(({ text }) => details.includes(text));
}

/** Without grpc-js's account of how it looked up the address. */
function reason({ details, code }: CallFailure): string {
  const [text = ""] = details.replace(/^.*Last error: (Error: )?/s, "").split(" Resolution note");
  return text === "" ? `gRPC status ${code}` : text.trim().replace(/\.$/, "");
}

const startOrCorrect = "start etcd there, or correct state.url";

function connectionCure({ failure: { code, details }, overTls }: FailedCall): string | undefined {
  if (code === status.DEADLINE_EXCEEDED) return startOrCorrect;
  if (code !== status.UNAVAILABLE) return undefined;
  if (/certificate|altnames|unable to verify|CERT_/i.test(details))
    return `the server's certificate is not trusted: ${certificateHelp}`;
  if (/wrong version number|packet length|EPROTO|before secure TLS/i.test(details))
    return "the server does not speak TLS: write etcd:// in state.url, or start it with a certificate";
  if (/ECONNREFUSED|EHOSTUNREACH|Name resolution failed/.test(details)) return startOrCorrect;
  // Whom TLS says nothing, and whom it is not spoken to, may hang up without a word, or be cut off by the network.
  return overTls
    ? "if it does not speak TLS, write etcd:// in state.url"
    : "if etcd speaks TLS, write etcds:// in state.url";
}
