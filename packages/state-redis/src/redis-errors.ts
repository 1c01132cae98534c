import { StateUnavailableError } from "@acteon/core";

/** What Redis refused, and what an operator can do about it. By the first word of its reply. */
const cures: Readonly<Record<string, string>> = {
  NOAUTH: "it asks for a password: write user and password into state.url",
  WRONGPASS: "it does not take user and password: correct them in state.url",
  NOPERM:
    "its user may not do that: give it the commands and keys that docs/reference/state-redis.md lists (ACL SETUSER)",
  OOM: "its memory is full, and nothing was written: raise maxmemory, or delete what is not needed",
  MISCONF: "it cannot write to its disk, and takes no writes until it can: look at its log and at the space left",
  NOREPLICAS: "too few of its replicas answer (min-replicas-to-write), and nothing was written: look at the replicas",
  READONLY: "it is a replica: a failover is under way, or state.url names a replica",
  LOADING: "it still loads its data after a start",
  BUSY: "another script keeps it busy: SCRIPT KILL ends one that has not written",
  MASTERDOWN: "it has lost its master: a failover is under way",
  CLUSTERDOWN:
    "part of the cluster's slots has no master: a failover is under way, or a master and all its replicas are down",
  TRYAGAIN: "a slot is on its way to another node",
  CROSSSLOT: "it is a cluster: write redis+cluster:// in state.url",
  MOVED: "it is a cluster: write redis+cluster:// in state.url",
};

/** Refused before anything was carried out, for a reason that goes by itself. */
const passing = new Set(["ASK", "BUSY", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "MOVED", "READONLY", "TRYAGAIN"]);

const credentialFaults = new Set(["NOAUTH", "WRONGPASS"]);

/**
 * Whether it is certain that the command had no effect, and that it may have one soon. What ioredis says by itself are texts
 * only: its own connection was not there yet, or it followed redirections, each of which is a refusal, until it gave up. The
 * last one is Redis's, of a script that looked at a key while its slot was leaving, before it wrote.
 */
export function wasNotCarriedOut(error: unknown): boolean {
  const message = messageOf(error);
  return (
    passing.has(codeOf(error)) ||
    message.startsWith("Stream isn't writeable") ||
    message.startsWith("Cluster isn't ready") ||
    message.startsWith("Too many Cluster redirections") ||
    message.includes("access a non local key")
  );
}

export function isUnknownScript(error: unknown): boolean {
  return codeOf(error) === "NOSCRIPT";
}

export function isCredentialFault(error: unknown): boolean {
  return credentialFaults.has(codeOf(error));
}

/** @param server As `describeTarget` says it. */
export function unavailable(server: string, error: unknown): StateUnavailableError {
  if (error instanceof StateUnavailableError) return error;
  const cure = cures[codeOf(error)];
  return new StateUnavailableError(`${server}: ${cure ?? `no answer (${messageOf(error)})`}`, { cause: error });
}

/** The first word of an error reply, which is what Redis tells errors apart by. */
function codeOf(error: unknown): string {
  const message = messageOf(error);
  // A cluster client wraps what its nodes said.
  const nested = error instanceof Error && "lastNodeError" in error ? messageOf(error.lastNodeError) : message;
  const reply = /(?:^|Last error: ReplyError: )([A-Z]+) /.exec(`${nested} `);
  return reply?.[1] ?? "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
