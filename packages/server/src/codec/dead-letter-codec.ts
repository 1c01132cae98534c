import type { JsonObject } from "@acteon/core";
import { serialiseAction } from "@acteon/core";
import type { DeadLetter } from "@acteon/gateway";
import { instantToWire } from "./instant-codec.ts";

/** A dead letter as `/v1/dlq/letters` shows it. */
export function deadLetterToWire(letter: DeadLetter): JsonObject {
  return {
    id: letter.id,
    action: serialiseAction(letter.action),
    reason: letter.reason,
    error: { code: letter.error.code, message: letter.error.message },
    attempts: letter.attempts,
    died_at: instantToWire(letter.diedAtMs),
  };
}
