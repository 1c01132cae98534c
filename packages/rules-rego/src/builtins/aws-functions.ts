import { createHash, createHmac } from "node:crypto";
import { BuiltinFault, compareText, entriesOf, isAnyMap, mapOf, mismatch, valueAt } from "@acteon/rules";
import type { BuiltinResult, Value } from "@acteon/rules";
import { jsonText } from "./json-text.ts";
import { integer, itemsOf, mapType, object, regoFunction } from "./rego-function.ts";
import type { RegoFunction, RegoObject } from "./rego-function.ts";
import { parseHttpUrl } from "./uri-functions.ts";

export const awsFunctions: readonly RegoFunction[] = [
  regoFunction("providers.aws.sign_req", [object, object, integer], mapType, signRequest, { steps: 100 }),
];

interface Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly service: string;
  readonly region: string;
  readonly sessionToken: string | undefined;
  readonly signsPayload: boolean;
}

/** What a request of `http.send` may say. */
const requestFields: ReadonlySet<Value> = new Set(
  `method url body raw_body headers timeout enable_redirect force_json_decode force_yaml_decode raise_error
  max_retry_attempts cache force_cache force_cache_duration_seconds caching_mode cache_ignored_headers
  tls_use_system_certs tls_ca_cert tls_ca_cert_file tls_ca_cert_env_variable tls_client_cert tls_client_cert_file
  tls_client_cert_env_variable tls_client_key tls_client_key_file tls_client_key_env_variable
  tls_insecure_skip_verify tls_server_name`.split(/\s+/),
);

/** What proxies change on the way. */
const unsignedHeaders: ReadonlySet<string> = new Set(["authorization", "user-agent", "x-amzn-trace-id"]);

const badConfig = new BuiltinFault("a configuration that misses something, or has it of another type");
const badRequest = new BuiltinFault("a request that misses something, or has it of another type");

/** AWS Signature Version 4 in the header `Authorization`, of the whole payload at once. */
function signRequest(request: RegoObject, config: RegoObject, timeNs: bigint): BuiltinResult {
  const credentials = readCredentials(config);
  if (credentials === undefined) return badConfig;
  if (entriesOf(request).some(([key]) => !requestFields.has(key))) return badRequest;
  const method = valueAt(request, "method");
  const url = valueAt(request, "url");
  const headers = headersOf(request);
  const payload = payloadOf(request);
  if (typeof method !== "string" || typeof url !== "string" || headers === undefined || payload === undefined)
    return badRequest;
  const target = parseHttpUrl(url);
  if (target === undefined) return badRequest;
  if (timeNs < 0n || BigInt.asIntN(64, timeNs) !== timeNs) return mismatch;
  const instant = new Date(Number(timeNs / 1_000_000n)).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const { service, sessionToken, signsPayload } = credentials;
  const payloadHash = signsPayload ? hashOf(payload) : "UNSIGNED-PAYLOAD";
  const ownHeaders: Readonly<Record<string, string>> = {
    host: target.host,
    "x-amz-date": instant,
    ...(service === "s3" || service === "glacier" ? { "x-amz-content-sha256": payloadHash } : {}),
    ...(sessionToken === undefined ? {} : { "x-amz-security-token": sessionToken }),
  };
  const signedHeaders = new Map([...Object.entries(ownHeaders), ...signable(headers)]);
  const names = [...signedHeaders.keys()].toSorted(compareText);
  const canonical = [
    // As it is written: OPA signs `get` as `get`.
    method,
    target.path.replaceAll(/[^\w\-.~!$&'()*+,;=:@[\]/%]/gu, (char) => encodeURIComponent(char.toWellFormed())),
    target.query,
    ...names.map((name) => `${name}:${signedHeaders.get(name)}`),
    "",
    names.join(";"),
    payloadHash,
  ].join("\n");
  const authorization = authorizationOf(credentials, instant, names.join(";"), canonical);
  const allHeaders = {
    ...Object.fromEntries(headers.map(({ name, value }) => [name, value])),
    ...ownHeaders,
    Authorization: authorization,
  };
  return mapOf([...entriesOf(request).filter(([key]) => key !== "headers"), ["headers", allHeaders]])!;
}

function readCredentials(config: RegoObject): Credentials | undefined {
  const [accessKey, secretKey, service, region] = [
    "aws_access_key",
    "aws_secret_access_key",
    "aws_service",
    "aws_region",
  ].map((name) => valueAt(config, name));
  const sessionToken = valueAt(config, "aws_session_token");
  const disables = valueAt(config, "disable_payload_signing") ?? false;
  if (typeof accessKey !== "string" || typeof secretKey !== "string" || typeof disables !== "boolean") return undefined;
  if (typeof service !== "string" || typeof region !== "string") return undefined;
  if (sessionToken !== undefined && typeof sessionToken !== "string") return undefined;
  return {
    accessKey,
    secretKey,
    service,
    region,
    sessionToken: sessionToken === "" ? undefined : sessionToken,
    signsPayload: !disables,
  };
}

interface Header {
  readonly name: string;
  /** A text, or several. */
  readonly value: Value;
  readonly texts: readonly string[];
}

function headersOf(request: RegoObject): readonly Header[] | undefined {
  const headers = valueAt(request, "headers") ?? {};
  if (!isAnyMap(headers)) return undefined;
  const all = entriesOf(headers).map(([name, value]) => {
    const values = itemsOf(value) ?? [value];
    return typeof name === "string" && isTexts(values) ? { name, value, texts: values } : undefined;
  });
  return all.every((header) => header !== undefined) ? all : undefined;
}

function isTexts(values: readonly Value[]): values is readonly string[] {
  return values.every((value) => typeof value === "string");
}

function signable(headers: readonly Header[]): readonly (readonly [string, string])[] {
  return headers
    .map(({ name, texts }) => [name.toLowerCase(), texts.join()] as const)
    .filter(([name]) => !unsignedHeaders.has(name));
}

/** A body as it is written, or as JSON. */
function payloadOf(request: RegoObject): string | undefined {
  const raw = valueAt(request, "raw_body");
  const body = valueAt(request, "body");
  if (raw === undefined) return body === undefined ? "" : jsonText(body);
  return typeof raw === "string" ? raw : undefined;
}

function authorizationOf(credentials: Credentials, instant: string, names: string, canonical: string): string {
  const { accessKey, secretKey, region, service } = credentials;
  const date = instant.slice(0, 8);
  const scope = `${date}/${region}/${service}/aws4_request`;
  const key = [date, region, service, "aws4_request"].reduce<string | Buffer>(macOf, `AWS4${secretKey}`);
  const signature = macOf(key, `AWS4-HMAC-SHA256\n${instant}\n${scope}\n${hashOf(canonical)}`).toString("hex");
  return `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope},SignedHeaders=${names},Signature=${signature}`;
}

function macOf(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
