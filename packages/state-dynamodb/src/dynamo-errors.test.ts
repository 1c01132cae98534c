import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import { ConfigurationError, InternalError, StateUnavailableError } from "@acteon/core";
import { describe, expect, test } from "vitest";
import { failureOf, unavailable } from "./dynamo-errors.ts";

const where = "AWS eu-central-1, table acteon_state";

function refusalOf(name: string, message = "no", httpStatusCode = 400): Error {
  return new DynamoDBServiceException({ name, message, $fault: "client", $metadata: { httpStatusCode } });
}

function told(error: unknown): Error {
  return unavailable(failureOf(error), where, error);
}

describe("what an operator can cure is told with the cure", () => {
  test.each([
    ["UnrecognizedClientException", "AWS_ACCESS_KEY_ID"],
    ["InvalidSignatureException", "the clock of this machine"],
    ["ExpiredTokenException", "renew"],
    ["AccessDeniedException", "dynamodb:GetItem"],
    ["ResourceNotFoundException", "acteon migrate"],
    ["ProvisionedThroughputExceededException", "more capacity"],
    ["ThrottlingException", "more capacity"],
    ["RequestLimitExceeded", "more capacity"],
    ["TransactionConflictException", "send again"],
  ])("%s: %s", (name, cure) => {
    const error = told(refusalOf(name));
    expect(error).toBeInstanceOf(StateUnavailableError);
    expect(error.message).toContain(where);
    expect(error.message).toContain(cure);
  });

  test("credentials that are not there", () => {
    const error = Object.assign(new Error("Could not load credentials from any providers"), {
      name: "CredentialsProviderError",
    });
    expect(told(error).message).toContain("AWS_SECRET_ACCESS_KEY");
  });
});

describe("what may have been carried out is told from what certainly was not (L9)", () => {
  const network = (code: string) => Object.assign(new Error(code), { code });

  test.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"])("%s: nothing left", (code) => {
    expect(failureOf(network(code))).toMatchObject({ kind: "unsent" });
  });

  test.each(["ECONNRESET", "EPIPE", "ETIMEDOUT"])("%s: nobody knows", (code) => {
    expect(failureOf(network(code))).toMatchObject({ kind: "unanswered" });
    expect(told(network(code))).toBeInstanceOf(StateUnavailableError);
  });

  test.each([
    ["InternalServerError", 500],
    ["ServiceUnavailable", 503],
  ])("%s: nobody knows", (name, status) => {
    expect(failureOf(refusalOf(name, "no", status))).toMatchObject({ kind: "unanswered" });
  });

  test("a request that DynamoDB does not understand is our fault", () => {
    expect(told(refusalOf("ValidationException", "Invalid ConditionExpression"))).toBeInstanceOf(InternalError);
  });

  test("a certificate that is not trusted is a setting to correct", () => {
    const error = told(network("DEPTH_ZERO_SELF_SIGNED_CERT"));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toContain("state.tls_ca_cert_path");
  });

  test("values that are too large are told so", () => {
    const error = told(refusalOf("ValidationException", "Item size has exceeded the maximum allowed size"));
    expect(error.message).toContain("4 MB");
  });
});

describe("a refused write", () => {
  test("of one item says what is there", () => {
    const item = { pk: { S: "a" } };
    const error = new ConditionalCheckFailedException({ message: "no", $metadata: {}, Item: item });
    expect(failureOf(error)).toEqual({
      kind: "refused",
      reasons: [{ Code: "ConditionalCheckFailed", Item: item }],
    });
  });

  const canceled = (...codes: string[]) =>
    failureOf(
      new TransactionCanceledException({
        message: "no",
        $metadata: {},
        CancellationReasons: codes.map((Code) => ({ Code, Message: Code })),
      }),
    );

  test("of a transaction is refused where a condition failed, whatever else was busy", () => {
    expect(canceled("None", "ConditionalCheckFailed", "TransactionConflict")).toMatchObject({ kind: "refused" });
  });

  test.each([
    ["TransactionConflict", "send again"],
    ["ThrottlingError", "more capacity"],
    ["ProvisionedThroughputExceeded", "more capacity"],
  ])("of a transaction with %s did nothing, and may be tried again", (code, cure) => {
    expect(canceled("None", code)).toMatchObject({ kind: "busy", cure: expect.stringContaining(cure) });
  });
});
