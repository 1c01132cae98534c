import { ActeonError, parseJson, stringifyAction } from "@acteon/core";
import type { JsonValue } from "@acteon/core";
import {
  defineProvider,
  failure,
  headersField,
  networksField,
  operatorUrl,
  retryAfter,
  secretHeaderField,
} from "@acteon/provider";
import type { HttpReply, ProviderResult } from "@acteon/provider";
import { z } from "zod";
import { signatureHeader, signingKeyField } from "./signing.ts";

/** Posts the action, as it is serialised, to a URL of the operator's, signed per Standard Webhooks (`wire-api.md` §5.5). */
export const webhookProvider = defineProvider({
  type: "webhook",
  config: z
    .strictObject({
      url: z.string(),
      headers: headersField().default({}),
      /** Sent as the `Authorization` header. */
      authorization: secretHeaderField().optional(),
      /** `whsec_…`; while one is replaced by another, both: each signs (guarantees S5). */
      signing_secrets: z.array(signingKeyField()).max(8).default([]),
      allow_networks: networksField().default([]),
      timeout_seconds: z.number().positive().max(60).default(30),
      /** How long the receiver recognises a repeated `webhook-id`; absent: it does not. */
      dedup_window_seconds: z.int().positive().optional(),
      on_ambiguous: z.enum(["retry", "hold"]).default("retry"),
    })
    .superRefine(operatorUrl("url")),
  create: (config, { http, clock }) => {
    const endpoint = http.endpoint(config.url, { allowNetworks: config.allow_networks });
    const timeoutMs = config.timeout_seconds * 1_000;
    const windowMs = (config.dedup_window_seconds ?? 0) * 1_000;
    const own = { ...config.headers };
    if (config.authorization !== undefined) own["authorization"] = config.authorization.reveal();
    return {
      dedup: windowMs === 0 ? { kind: "none" } : { kind: "key", windowMs },
      onAmbiguous: config.on_ambiguous,

      async execute(action, { idempotencyKey, signal }) {
        const body = stringifyAction(action);
        const headers: Record<string, string> = {
          "content-type": "application/json",
          "user-agent": "acteon",
          ...own,
          "webhook-id": idempotencyKey,
        };
        if (config.signing_secrets.length > 0) {
          const timestamp = String(Math.floor(clock.nowMs() / 1_000));
          headers["webhook-timestamp"] = timestamp;
          headers["webhook-signature"] = signatureHeader(config.signing_secrets, idempotencyKey, timestamp, body);
        }
        const reply = await endpoint.request({ method: "POST", headers, body, signal, timeoutMs });
        return classify(reply, clock.nowMs());
      },

      async healthCheck({ signal }) {
        try {
          await endpoint.request({ method: "HEAD", headers: own, signal, timeoutMs });
          return { kind: "healthy" };
        } catch (error) {
          if (!(error instanceof ActeonError)) throw error;
          return { kind: "unhealthy", reason: error.message };
        }
      },

      close: () => endpoint.close(),
    };
  },
});

/**
 * What a reply means. Whatever the receiver says is its answer, also a refusal or a redirect; only 429 asks to be sent
 * again (`wire-api.md` §5.5, guarantees §8 rows 50 and 51).
 */
export function classify({ status, headers, body }: HttpReply, nowMs: number): ProviderResult {
  if (status === 429) {
    const retry = retryAfter(headers["retry-after"], nowMs);
    return { kind: "rejected", failure: failure("RATE_LIMITED", "the webhook answered 429"), retry };
  }
  if (body.kind === "too_large") {
    const message = `the webhook answered ${status} with too large a reply`;
    return { kind: "rejected", failure: failure("REPLY_TOO_LARGE", message), retry: { kind: "never" } };
  }
  const success = status >= 200 && status < 300;
  return {
    kind: "answered",
    response: {
      status: success ? "success" : "failure",
      body: replyValue(body, status),
      headers: {},
    },
  };
}

/** A reply that is no JSON, or such as no client may send either (guarantees S8), says its status and no more. */
function replyValue(body: HttpReply["body"], status: number): JsonValue {
  if (body.kind === "whole") {
    const parsed = parseJson(body.bytes);
    if (parsed.kind === "parsed") return parsed.value;
  }
  return { status_code: status };
}
