import { StateUnavailableError } from "@acteon/core";
import { certificateHelp } from "@acteon/state";

/** What is wrong, and what an operator can do about it, unless it goes by itself. */
type Fault = readonly [found: string, help?: string];

const isCluster: Fault = ["it is a cluster", "write redis+cluster:// in state.url"];

/** What Redis refused, by the first word of its reply. */
const faults: Readonly<Record<string, Fault>> = {
  NOPERM: [
    "its user may not do that",
    "ACL SETUSER <user> ~<state.prefix>:* +@read +@write +@scripting +@connection +time +info +config|get +cluster|slots +cluster|info",
  ],
  OOM: ["its memory is full, and nothing was written", "raise maxmemory, or delete what is not needed"],
  MISCONF: ["it cannot write to its disk, and takes no writes until it can", "look at its log and at the space left"],
  NOREPLICAS: [
    "too few of its replicas answer (min-replicas-to-write), and nothing was written",
    "look at the replicas",
  ],
  READONLY: ["it is a replica", "wait for a failover that is under way, or name the master in state.url"],
  LOADING: ["it still loads its data after a start"],
  BUSY: ["another script keeps it busy", "SCRIPT KILL ends one that has not written"],
  MASTERDOWN: ["it has lost its master", "wait for the failover, or look at the master"],
  CLUSTERDOWN: [
    "some slots of the cluster have no master",
    "wait for the failover, or start a master that is down with its replicas",
  ],
  TRYAGAIN: ["a slot is on its way to another node"],
  MOVED: isCluster,
};

/** What does not become right by waiting, by what is said somewhere in the message. */
const settingFaults: readonly (readonly [says: RegExp, fault: Fault])[] = [
  [/\bNOAUTH\b/, ["it asks for a password", "write user and password into state.url"]],
  [/\bWRONGPASS\b/, ["it does not take user and password", "correct them in state.url"]],
  [/DB index is out of range/, ["it has no database of that number", "correct the number at the end of state.url"]],
  [/SELECT is not allowed in cluster mode/, isCluster],
  [/cluster support disabled/, ["it is no cluster", "write redis:// in state.url"]],
  [/certificate|altnames|unable to verify|CERT_/, ["its certificate is not trusted", certificateHelp]],
  [
    /sentinel .* got an invalid reply: null/,
    ["its sentinels know no master of that name", "correct the name in state.url"],
  ],
];

/** Refused before anything was carried out, for a reason that goes by itself. */
const passing = new Set(["ASK", "BUSY", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "MOVED", "READONLY", "TRYAGAIN"]);

/**
 * Whether it is certain that the command had no effect, and that it may have one soon. What ioredis says by itself are texts
 * only: its own connection was not there yet, or it followed redirections, each of which is a refusal, until it gave up. The
 * last one is Redis's, of a script that looked at a key while its slot was leaving, before it wrote.
 */
export function wasNotCarriedOut(error: unknown): boolean {
  const message = messageOf(error);
  return (
    passing.has(codeOf(message)) ||
    message.startsWith("Stream isn't writeable") ||
    message.startsWith("Cluster isn't ready") ||
    message.startsWith("Too many Cluster redirections") ||
    message.includes("access a non local key")
  );
}

export function isUnknownScript(error: unknown): boolean {
  return codeOf(messageOf(error)) === "NOSCRIPT";
}

export function isSettingFault(error: unknown): boolean {
  return settingFault(messageOf(error)) !== undefined;
}

/** @param server As `describeTarget` says it. */
export function unavailable(server: string, error: unknown): StateUnavailableError {
  if (error instanceof StateUnavailableError) return error;
  const message = messageOf(error);
  const [found, help] = settingFault(message) ?? faults[codeOf(message)] ?? silence(message);
  return new StateUnavailableError(`${server}: ${found}`, { help, cause: error });
}

/** Nothing came back in the time of a call. */
export function lateAnswer(server: string, timeoutMs: number): StateUnavailableError {
  const help = "see that it runs and is not overloaded, or raise state.call_timeout_ms";
  return new StateUnavailableError(`${server}: no answer in ${timeoutMs} ms`, { help });
}

function silence(message: string): Fault {
  const why = connectionLosses.find(([begins]) => message.startsWith(begins))?.[1] ?? message;
  return [`no answer (${why})`, "see that it runs, and that state.url names it"];
}

/** How ioredis says so, in terms of its own options. */
const connectionLosses = [
  ["Reached the max retries per request limit", "the connection was lost"],
  ["Stream isn't writeable", "there is no connection"],
  ["Socket timeout.", "nothing came back on the connection"],
] as const;

function settingFault(message: string): Fault | undefined {
  return settingFaults.find(([says]) => says.test(message))?.[1];
}

/** The first word of an error reply, which is what Redis tells errors apart by; also where ioredis quotes the reply. */
function codeOf(message: string): string {
  return /(?:^|Last error: ReplyError: )([A-Z]+) /.exec(`${message} `)?.[1] ?? "";
}

function messageOf(error: unknown): string {
  // The client of a cluster wraps what a node said.
  const inner = error instanceof Error && "lastNodeError" in error ? error.lastNodeError : error;
  return inner instanceof Error ? inner.message : String(inner);
}
