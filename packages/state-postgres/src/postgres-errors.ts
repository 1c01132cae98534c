import { ActeonError, ConfigurationError, InternalError, StateUnavailableError } from "@acteon/core";
import { certificateHelp, isCertificateFault } from "@acteon/state";
import { DatabaseError } from "pg";

/**
 * Two calls met, and the server took one of them back: nothing of it remains, so it may be sent again. PostgreSQL, appendix A:
 * class 40 without `statement_completion_unknown`, and 23505, a key that came into being while `apply_v1` ran.
 */
export function isTakenBack(error: unknown): boolean {
  return error instanceof DatabaseError && takenBack.has(error.code ?? "");
}

const takenBack = new Set(["40001", "40P01", "23505"]);

/** The server answered, and the connection is as good as before. After anything else it is closed. */
export function keepsConnection(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  const { code = "", severity } = error;
  // What is read-only now was a primary once: another connection may find the new one.
  return severity === "ERROR" && code !== readOnly && !code.startsWith("57P") && !code.startsWith("08");
}

/**
 * The error of the contract that this one of the driver means, with what to do about it.
 * @param address For messages: `host:port/database`.
 */
export function asStoreError(cause: unknown, address: string): ActeonError {
  if (cause instanceof ActeonError) return cause;
  if (cause instanceof DatabaseError) return serverRefusal(cause, address);
  const server = `PostgreSQL at ${address}`;
  const message = cause instanceof Error ? cause.message : String(cause);
  if (message.startsWith("SASL: SCRAM") && message.includes("password"))
    return new ConfigurationError(`${server} asks for a password`, { help: "put one into state.url", cause });
  if (message.includes("does not support SSL"))
    return new ConfigurationError(`${server} takes no TLS`, {
      help: 'turn `ssl` on there, or set state.ssl_mode = "disable"',
      cause,
    });
  if (isCertificateFault(cause))
    return new ConfigurationError(`the certificate of ${server} is not trusted (${cause.code})`, {
      help: certificateHelp,
      cause,
    });
  return new StateUnavailableError(`${server} does not answer (${reasonOf(cause)})`, { help: silenceHelp, cause });
}

/** Of a server that is not there, or says nothing. */
export const silenceHelp = "see that it runs, and that state.url names it";

const readOnly = "25006";

/** By the codes of PostgreSQL's appendix A. The server's own message may quote values, and is left to `cause`. */
function serverRefusal(cause: DatabaseError, address: string): ActeonError {
  const { code = "" } = cause;
  const Refusal = code in configurationFaults ? ConfigurationError : StateUnavailableError;
  const fault = configurationFaults[code] ?? passingFaults[code] ?? passingFaults[code.slice(0, 2)];
  if (fault !== undefined) return new Refusal(`PostgreSQL at ${address} ${fault[0]}`, { help: fault[1], cause });
  return new InternalError(`PostgreSQL at ${address} refused a statement of ours (SQLSTATE ${code})`, { cause });
}

/** What a server does, and what an operator can do about it, unless it goes by itself. */
type Fault = readonly [does: string, help?: string];

const withoutSchema: Fault = ["does not have the tables of this version", "run `acteon migrate`"];

const configurationFaults: Readonly<Record<string, Fault>> = {
  "28P01": ["refused the password", "correct the user or the password in state.url"],
  "28000": ["refused the user", "correct the user in state.url, or let it in by pg_hba.conf"],
  "3D000": ["has no such database", "create it (`createdb`), or correct the name in state.url"],
  "42501": [
    "denies a permission",
    "run `acteon migrate` as the user of state.url, or grant it the schema and all in it",
  ],
};

/** A code, or a whole class of them. What an operator cures while gateways go on asking. */
const passingFaults: Readonly<Record<string, Fault>> = {
  "3F000": withoutSchema,
  "42P01": withoutSchema,
  "42883": withoutSchema,
  [readOnly]: [
    "takes no writes: it is a standby, or default_transaction_read_only is on",
    "point state.url to the primary, or turn that off",
  ],
  "23505": ["took the call back each time, because others made the same keys"],
  "40": ["took the call back each time, because others wrote the same keys"],
  "53100": ["is out of disk space", "free some on its data directory"],
  "53200": ["is out of memory", "give the server more, or lower work_mem and max_connections"],
  "53300": ["has no connection left", "raise max_connections there, or lower state.pool.max_connections"],
  "53": ["is out of resources", "see its log"],
  "55P03": ["did not get the rows in time: another transaction holds them"],
  "57014": ["cancelled the call: statement_timeout, or somebody by hand"],
  "57": ["is starting, stopping, or was told to end our connection"],
  "58": ["had an error of its system", "see its log, and look at its disk"],
  "08": ["lost the connection"],
  XX: ["reports damage or a bug of its own", "see its log"],
};

function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  if (!(cause instanceof Error)) return "unknown reason";
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}
