import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import type { CancellationReason } from "@aws-sdk/client-dynamodb";
import { ConfigurationError, InternalError, StateUnavailableError } from "@acteon/core";
import { certificateHelp, isCertificateFault } from "@acteon/state";

/** What can be done about a request that failed. */
export type RequestFailure =
  /** A condition did not hold. One reason an item; of a request of one item, one. */
  | { readonly kind: "refused"; readonly reasons: readonly CancellationReason[] }
  /** The server was busy and did nothing. */
  | { readonly kind: "busy"; readonly why: string; readonly cure: string }
  /** Did nothing: the server may be another than it says. */
  | { readonly kind: "distrusted"; readonly why: string }
  /** Did nothing: there was no connection. */
  | { readonly kind: "unsent"; readonly why: string }
  /** May have been carried out. */
  | { readonly kind: "unanswered"; readonly why: string }
  /** Did nothing, and will not until somebody does something. */
  | { readonly kind: "denied"; readonly why: string; readonly cure: string }
  /** An item, or all items of a transaction, are too large. */
  | { readonly kind: "tooLarge" }
  /** Our fault. */
  | { readonly kind: "invalid"; readonly why: string };

/** What DynamoDB and the SDK call things. "Error handling with DynamoDB", developer guide. */
export function failureOf(error: unknown): RequestFailure {
  if (error instanceof ConditionalCheckFailedException)
    return { kind: "refused", reasons: [{ Code: "ConditionalCheckFailed", ...(error.Item && { Item: error.Item }) }] };
  if (error instanceof TransactionCanceledException) return canceled(error);
  const { name = "", message = "" } = error instanceof Error ? error : {};
  if (busyNames.has(name)) return { kind: "busy", why: message, cure: throttledCure };
  if (inUseNames.has(name)) return { kind: "busy", why: message, cure: contendedCure };
  const cure = cures[name];
  if (cure !== undefined) return { kind: "denied", why: firstLine(message), cure };
  if (/^region is missing/i.test(message))
    return { kind: "denied", why: message, cure: "write `state.region`, or set AWS_REGION" };
  if (name === "ValidationException" && /exceeds? .*(size|limit)|size .*exceeded/i.test(message))
    return { kind: "tooLarge" };
  if (error instanceof DynamoDBServiceException && (error.$metadata.httpStatusCode ?? 500) < 500)
    return { kind: "invalid", why: `${name}: ${firstLine(message)}` };
  if (isCertificateFault(error)) return { kind: "distrusted", why: error.code };
  const code = error instanceof Error && "code" in error ? String(error.code) : name;
  return { kind: unsentCodes.has(code) ? "unsent" : "unanswered", why: code === "" ? firstLine(message) : code };
}

/** A cancelled transaction: a condition that failed says more than a neighbour that was busy. */
function canceled({ CancellationReasons: reasons = [] }: TransactionCanceledException): RequestFailure {
  const codes = new Set(reasons.map(({ Code }) => Code));
  if (codes.has("ConditionalCheckFailed")) return { kind: "refused", reasons };
  if (codes.has("ValidationError") || codes.has("ItemCollectionSizeLimitExceeded"))
    return reasons.some(({ Message }) => /size/i.test(Message ?? ""))
      ? { kind: "tooLarge" }
      : { kind: "invalid", why: reasons.map(({ Message }) => Message).join("; ") };
  const throttled = codes.has("ThrottlingError") || codes.has("ProvisionedThroughputExceeded");
  return { kind: "busy", why: [...codes].join(", "), cure: throttled ? throttledCure : contendedCure };
}

const throttledCure = "give the table more capacity, or on-demand billing";
const contendedCure = "many writers were at the same keys: send again";

const busyNames = new Set([
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "RequestLimitExceeded",
  "LimitExceededException",
]);
const inUseNames = new Set(["TransactionConflictException", "TransactionInProgressException"]);

const credentials =
  "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or what else gives AWS credentials, to a key that is valid";
/** Operators can do something about these. */
const cures: Readonly<Record<string, string>> = {
  UnrecognizedClientException: credentials,
  InvalidSignatureException: `${credentials}, and the clock of this machine right`,
  IncompleteSignatureException: credentials,
  MissingAuthenticationTokenException: credentials,
  CredentialsProviderError: credentials,
  TokenRefreshRequired: credentials,
  ExpiredTokenException: "the session of these AWS credentials is over: renew them",
  AccessDeniedException:
    "allow dynamodb:GetItem, BatchGetItem, PutItem, UpdateItem, DeleteItem, ConditionCheckItem, Query, Scan, DescribeTable on it",
  ResourceNotFoundException: "run `acteon migrate`, or write the right `state.table_name` and `state.region`",
  AccountProblemException: "look into the AWS account",
};

/** Of a server that says nothing. */
export const silenceHelp =
  "see that it runs and that `state.url`, if there is one, names it, or raise `state.call_timeout_ms`";

/** Of the request nothing left this machine. */
const unsentCodes = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"]);

/** What is thrown where a failure is the end of it. @param where The address and table, without a secret. */
export function unavailable(failure: RequestFailure, where: string, cause: unknown): Error {
  switch (failure.kind) {
    case "busy":
      return new StateUnavailableError(`DynamoDB at ${where} was too busy (${failure.why})`, {
        help: failure.cure,
        cause,
      });
    case "denied":
      return new StateUnavailableError(`DynamoDB at ${where} refuses (${failure.why})`, { help: failure.cure, cause });
    case "unsent":
      return new StateUnavailableError(`DynamoDB at ${where} cannot be reached (${failure.why})`, {
        help: "start it, or mend `state.url` and the network",
        cause,
      });
    case "distrusted":
      return new ConfigurationError(`the certificate of DynamoDB at ${where} is not trusted (${failure.why})`, {
        help: certificateHelp,
        cause,
      });
    case "unanswered":
      return new StateUnavailableError(`DynamoDB at ${where} did not answer (${failure.why})`, {
        help: silenceHelp,
        cause,
      });
    case "tooLarge":
      return new InternalError(
        "a value, or the values of one group, are larger than the 4 MB of a DynamoDB transaction",
        {
          cause,
        },
      );
    case "invalid":
    case "refused":
      return new InternalError(`DynamoDB at ${where} did not understand a request`, { cause });
  }
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}
