import { actionOf, TinyStore } from "@acteon/rules/conformance";
import { expect, test } from "vitest";
import { decide, ruleSetOf } from "./decide.ts";

function page(service: string | null, fields = {}) {
  return actionOf({ provider: "pagerduty", payload: { service }, ...fields });
}

/** How many of equal actions are let through before the first that is not. */
async function passedOf(text: string, action = page("db"), store = new TinyStore()): Promise<number> {
  const rules = await ruleSetOf(text);
  for (let passed = 0; passed < 30; passed++) {
    if ((await decide(rules, action, store)).verdict !== "allow") return passed;
  }
  return Number.POSITIVE_INFINITY;
}

const counted = (source: string, constraints: string, verdict = "deny()") =>
  `rule "r" when accumulate( ${source}; $n : count(); ${constraints} ) then ${verdict}; end`;

test("a window over time counts the actions that match, with the one that is decided", async () => {
  const text = counted('Action( provider == "pagerduty" ) over window:time( 1m )', "$n > 10");
  expect(await passedOf(text)).toBe(10);
  expect(await passedOf(text, actionOf({ provider: "slack" }))).toBe(Number.POSITIVE_INFINITY);
});

test("as the condition of a throttle it is the throttle itself: the eleventh is refused, until the window is over", async () => {
  const text = counted('Action( provider == "pagerduty" ) over window:time( 1m )', "$n > 10", 'throttle(10, "1m")');
  const store = new TinyStore();
  expect(await passedOf(text, page("db"), store)).toBe(10);
  store.nowMs += 60_000;
  expect(await passedOf(text, page("db"), store)).toBe(10);
});

test("what a constraint compares with the action parts the window", async () => {
  const text = `rule "r"
when
    Action( $service : payload.service, $tenant : tenant )
    accumulate( Action( payload.service == $service, $tenant == tenant ) over window:time( 1m ); $n : count(); $n > 2 )
then
    deny();
end`;
  const store = new TinyStore();
  expect(await passedOf(text, page("db"), store)).toBe(2);
  expect(await passedOf(text, page("web"), store)).toBe(2);
  // What has no service is a part of its own.
  expect(await passedOf(text, page(null), store)).toBe(2);
  expect(await passedOf(text, page("db", { tenant: "other" }), store)).toBe(2);
  expect(await passedOf(text, page("db"), store)).toBe(0);
});

test("an action that is joined with another field of its own counts where both are the same", async () => {
  const text = `rule "r"
when
    Action( $from : payload.from )
    accumulate( Action( payload.to == $from ) over window:time( 1m ); $n : count(); $n > 1 )
then
    deny();
end`;
  expect(await passedOf(text, actionOf({ payload: { from: "a", to: "b" } }))).toBe(Number.POSITIVE_INFINITY);
  expect(await passedOf(text, actionOf({ payload: { from: "a", to: "a" } }))).toBe(1);
});

test("a window over length is never fuller than that", async () => {
  const store = new TinyStore();
  expect(await passedOf(counted("Action() over window:length( 3 )", "$n == 3"), page("db"), store)).toBe(2);
  store.nowMs += 3_600_000;
  expect(await passedOf(counted("Action() over window:length( 3 )", "$n == 3"), page("db"), store)).toBe(0);
  expect(await passedOf(counted("Action() over window:length( 3 )", "$n > 3"), page("db"), store)).toBe(
    Number.POSITIVE_INFINITY,
  );
});

test("a window that is declared, with constraints besides", async () => {
  const window = 'declare window Pages Action( provider == "pagerduty" ) over window:time( 1m ) end\n';
  const text = window + counted('Action( payload.service == "db" ) from window Pages', "$n > 2");
  expect(await passedOf(text)).toBe(2);
  expect(await passedOf(text, page("web"))).toBe(Number.POSITIVE_INFINITY);
});

test("what is collected from a window has a size", async () => {
  const text = `rule "r"
when
    List( size > 2 ) from collect( Action( provider == "pagerduty" ) over window:time( "1m" ) )
then
    deny();
end`;
  expect(await passedOf(text)).toBe(2);
});

test("two windows of a rule count apart", async () => {
  const text = `rule "r"
when
    accumulate( Action( payload.service == "db" ) over window:time( 1m ); $a : count() )
    accumulate( Action() over window:time( 1h ); $b : count() )
    eval( $a > 3 || $b > 1 )
then
    deny();
end`;
  const rules = await ruleSetOf(text);
  const store = new TinyStore();
  expect(await decide(rules, page("db"), store)).toMatchObject({ verdict: "allow" });
  store.nowMs += 60_000;
  expect(await decide(rules, page("db"), store)).toMatchObject({ verdict: "deny" });
});
