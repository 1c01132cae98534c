import { expect, test } from "vitest";
import { plain } from "./paint.ts";
import { answerText, normalCategory, readWireAnswer } from "./wire-outcome.ts";

test.each([
  ["Deduplicated", "deduplicated"],
  [{ Deduplicated: null }, "deduplicated"],
  [{ Suppressed: { rule: "quiet" } }, "suppressed  rule=quiet"],
  [{ Executed: { status: "success", body: { ok: true }, headers: {} } }, 'executed  success  {"ok":true}'],
  [
    {
      Rerouted: { original_provider: "a", new_provider: "b", response: { status: "success", body: null, headers: {} } },
    },
    "rerouted  original_provider=a  new_provider=b  success",
  ],
  [{ Throttled: { retry_after: { secs: 59, nanos: 500_000_000 } } }, "throttled  retry after 59s500ms"],
  [
    { Failed: { code: "TIMEOUT", message: "no\nanswer", retryable: true, attempts: 4 } },
    "failed  code=TIMEOUT  no␊answer  retryable=true  attempts=4",
  ],
  [
    { error: { code: "draining", message: "shutting down", retryable: false } },
    "refused  code=draining  shutting down",
  ],
  [
    {
      error: {
        code: "missing_field",
        message: "/id: is required; /tenant: is required",
        retryable: false,
        problems: [{ pointer: "/id", code: "missing_field", message: "is required" }],
      },
    },
    "refused  code=missing_field  /id: is required; /tenant: is required",
  ],
  [{ error: { code: "malformed_json", message: "no JSON", pointer: "" } }, "refused  code=malformed_json  no JSON"],
  [
    { DryRun: { verdict: "allow", matched_rule: null, would_be_provider: "p" } },
    "dry_run  verdict=allow  would_be_provider=p",
  ],
])("%j reads %s", (wire, text) => {
  expect(answerText(readWireAnswer(wire), undefined, plain)).toBe(text);
});

test("the place of a rule, with its name, stands for its bare name", () => {
  const answer = readWireAnswer({ Suppressed: { rule: "quiet" } });
  expect(answerText(answer, "quiet  main.yaml:3", plain)).toBe("suppressed  quiet  main.yaml:3");
});

test.each([
  ["Executed", "executed"],
  ["dry-run", "dry_run"],
  ["StateChanged", "state_changed"],
])("%s is the category %s", (written, category) => {
  expect(normalCategory(written)).toBe(category);
});
