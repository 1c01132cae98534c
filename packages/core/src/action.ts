import type { ActionKey } from "./action-key.ts";
import type { JsonValue } from "./json.ts";

/**
 * One outbound action, checked. Made only by `parseAction` (the wire form, `wire-api.md` §3) and `createAction` (a
 * library call); every field is always there, so that all actions share one shape.
 */
export interface Action extends ActionKey {
  readonly provider: string;
  readonly actionType: string;
  readonly payload: JsonValue;
  /** RFC 3339, as the caller wrote it. */
  readonly createdAt: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly dedupKey: string | undefined;
  readonly status: string | undefined;
  readonly fingerprint: string | undefined;
  readonly startsAt: string | undefined;
  readonly endsAt: string | undefined;
  readonly traceContext: Readonly<Record<string, string>>;
  readonly template: string | undefined;
  readonly attachments: readonly Attachment[];
  readonly signature: string | undefined;
  readonly signerId: string | undefined;
  readonly kid: string | undefined;
}

/** The wire's name of each field (`wire-api.md` §3), by which rules ask, and the property that has it. */
export const actionFields = {
  id: "id",
  namespace: "namespace",
  tenant: "tenant",
  provider: "provider",
  action_type: "actionType",
  payload: "payload",
  created_at: "createdAt",
  metadata: "metadata",
  dedup_key: "dedupKey",
  discriminator: "discriminator",
  status: "status",
  fingerprint: "fingerprint",
  starts_at: "startsAt",
  ends_at: "endsAt",
  trace_context: "traceContext",
  template: "template",
  attachments: "attachments",
  signature: "signature",
  signer_id: "signerId",
  kid: "kid",
} as const satisfies Readonly<Record<string, keyof Action>>;

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly filename: string;
  readonly contentType: string;
  readonly dataBase64: string;
}

/** What a library caller writes; `id` defaults to a random UUID, `createdAt` to now. */
export interface ActionInput {
  readonly id?: string;
  readonly namespace: string;
  readonly tenant?: string;
  readonly provider: string;
  readonly actionType: string;
  readonly payload: JsonValue;
  readonly createdAt?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly dedupKey?: string;
  readonly discriminator?: string;
  readonly status?: string;
  readonly fingerprint?: string;
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly traceContext?: Readonly<Record<string, string>>;
  readonly template?: string;
  readonly attachments?: readonly Attachment[];
  readonly signature?: string;
  readonly signerId?: string;
  readonly kid?: string;
}
