/**
 * Several providers: what is meant for chat goes to the console while the chat is not there yet, one provider fails and ends as
 * a dead letter, which is requeued once it is back.
 */
import { createGateway, field, rule } from "acteon";

let mailIsUp = false;
const sent: string[] = [];
const success = { kind: "answered", response: { status: "success", body: null, headers: {} } } as const;
const down = {
  kind: "rejected",
  failure: { code: "CONNECTION", message: "the mail server is away", retryable: true },
  retry: { kind: "backoff" },
} as const;

await using gateway = await createGateway({
  rules: [rule("no-chat-yet").when(field("action.provider").equals("chat")).reroute("terminal")],
  executor: { maxRetries: 1, backoff: { baseMs: 1, capMs: 5 } },
  providers: {
    terminal: { execute: (action) => (sent.push(`terminal ${action.id}`), success) },
    mail: { execute: (action) => (mailIsUp ? (sent.push(`mail ${action.id}`), success) : down) },
  },
});

const order = { namespace: "shop", tenant: "acme", actionType: "order.receipt", payload: { order: 17 } };
const results = await gateway.dispatchBatch([
  { ...order, id: "a", provider: "chat" },
  { ...order, id: "b", provider: "mail" },
]);
for (const result of results) console.log(result.kind === "outcome" ? result.outcome.kind : result.error.code);

mailIsUp = true;
for await (const letter of gateway.deadLetters.list()) {
  const again = await gateway.deadLetters.requeue(letter.id);
  console.log(`${letter.action.id} again: ${again?.kind === "outcome" ? again.outcome.kind : "gone"}`);
}
console.log(sent.join(", "));
