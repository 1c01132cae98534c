import { ActeonError } from "@acteon/core";
import type { AddressClass } from "./http/address-class.ts";

/** Why there is no answer. `aborted`: the caller's signal, of which the executor knows the reason. */
export type UnavailableReason = "timeout" | "connection" | "aborted";

/** The service did not answer, or its answer broke off. */
export class ProviderUnavailableError extends ActeonError {
  override readonly name = "ProviderUnavailableError";
  readonly code = "provider_unavailable";
  readonly publicMessage: string;
  override readonly retryable = true;
  readonly reason: UnavailableReason;
  /** May a byte of the request have left? This, and nothing else, makes the outcome ambiguous (guarantees G4). */
  readonly sent: boolean;
  /** The HTTP status, where the answer broke off behind it (guarantees §8 row 51). */
  readonly status: number | undefined;

  /** @param message For operators: names the service's origin at most, never a path, header or secret. */
  constructor(
    message: string,
    {
      reason,
      sent,
      status,
      ...options
    }: ErrorOptions & {
      readonly reason: UnavailableReason;
      readonly sent: boolean;
      readonly status?: number | undefined;
    },
  ) {
    super(message, options);
    this.publicMessage = publicMessages[reason];
    this.reason = reason;
    this.sent = sent;
    this.status = status;
  }
}

const publicMessages: Readonly<Record<UnavailableReason, string>> = {
  timeout: "no answer in time",
  connection: "connection failed",
  aborted: "call aborted",
};

/** The service's name led to an address that must not be called; no connection was made (guarantees S4). */
export class AddressNotAllowedError extends ActeonError {
  override readonly name = "AddressNotAllowedError";
  readonly code = "address_not_allowed";
  readonly publicMessage: string;
  readonly addressClass: AddressClass;

  /** @param addressClass Said instead of the address, which is nobody's business. */
  constructor(addressClass: AddressClass) {
    const message = `address not allowed: ${addressClass}`;
    super(message);
    this.publicMessage = message;
    this.addressClass = addressClass;
  }
}
