import { randomUUID } from "node:crypto";
import { sleep } from "./server-under-test.ts";

export interface Sent {
  readonly id: string;
  readonly dedupKey: string | undefined;
  answer: Answer | undefined;
}

export type Answer = { readonly kind: "Executed" | "Deduplicated" | "Failed"; readonly replayed: boolean };

/** Sends actions one after the other, each under an `Idempotency-Key`, again and again until it is answered for good. */
export class RetryingClient {
  readonly sent: Sent[] = [];
  readonly #port: number;
  readonly #serves: () => Promise<void>;
  /** Requests on their way. */
  waiting = 0;
  /** Actions answered for good. */
  answered = 0;

  /** @param serves Resolves while the server serves: nobody knocks at one that is known to be away. */
  constructor(port: number, serves: () => Promise<void>) {
    this.#port = port;
    this.#serves = serves;
  }

  async run(goesOn: () => boolean, dedupKey: () => string | undefined): Promise<void> {
    while (goesOn()) {
      const sent: Sent = { id: randomUUID(), dedupKey: dedupKey(), answer: undefined };
      this.sent.push(sent);
      await this.#untilAnswered(sent);
    }
  }

  async #untilAnswered(sent: Sent): Promise<void> {
    const action = {
      id: sent.id,
      namespace: "crash",
      tenant: "t",
      provider: "hook",
      action_type: sent.dedupKey === undefined ? "plain" : "once",
      payload: { n: 1 },
      created_at: "2026-01-01T00:00:00Z",
      ...(sent.dedupKey === undefined ? {} : { dedup_key: sent.dedupKey }),
    };
    const headers = { "Content-Type": "application/json", "Idempotency-Key": `ik-${sent.id}` };
    const deadline = Date.now() + 120_000;
    while (Date.now() < deadline) {
      this.waiting++;
      const reply = await fetch(`http://127.0.0.1:${this.#port}/v1/dispatch`, {
        method: "POST",
        headers,
        body: JSON.stringify(action),
      })
        .then(async (response) => ({ response, body: (await response.json()) as unknown }))
        .catch(() => undefined)
        .finally(() => this.waiting--);
      if (reply?.response.status === 200) {
        const { body, response } = reply;
        this.answered++;
        const kind = typeof body === "string" ? body : Object.keys(body as object)[0];
        sent.answer = {
          kind: kind as Answer["kind"],
          replayed: response.headers.get("idempotency-replayed") === "true",
        };
        return;
      }
      if (reply !== undefined && ![409, 429, 503, 504].includes(reply.response.status)) {
        throw new Error(`${reply.response.status}: ${JSON.stringify(reply.body)}`);
      }
      await this.#serves().catch(() => {});
      await sleep(Math.random() * 20);
    }
    throw new Error(`${sent.id} was never answered`);
  }
}
