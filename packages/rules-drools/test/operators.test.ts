import { actionOf, TinyStore } from "@acteon/rules/conformance";
import { describe, expect, test } from "vitest";
import { holds } from "./decide.ts";

const action = actionOf({
  provider: "slack",
  dedup_key: "k-1",
  metadata: { team: "ops" },
  payload: {
    who: "ann",
    text: "disk full on db-1",
    n: 3,
    digits: "42",
    ratio: 2.5,
    yes: true,
    no: false,
    nothing: null,
    tags: ["db", "disk", 3],
    owner: { name: "Robert", team: { id: 7 } },
    "a-b": 1,
    start: "2026-03-01T11:00:00Z",
  },
});

describe("of an action", () => {
  test.each([
    // Comparisons; a text that is a number equals it, and null is neither less nor more.
    ['payload.who == "ann"', true],
    ['payload.who != "ann"', false],
    ["payload.n > 2, payload.n >= 3, payload.n < 4, payload.n <= 3", true],
    ["payload.digits == 42, payload.digits > 41", true],
    ["payload.ratio == 2.5, payload.n != payload.ratio", true],
    ["payload.nothing == null, payload.missing == null, payload.n != null", true],
    ["payload.missing > 1 || payload.missing <= 1", false],
    ["payload.missing.deeper.still == null", true],
    // Forms of constraints.
    ['payload.n > 2 && < 5, payload.who == "eve" || == "ann"', true],
    ["payload.n > 3 || < 2", false],
    ["payload.n ( > 1 && < 3 ) || payload.yes", true],
    ["payload.n ( > 1 && ( < 2 || == 3 ) )", true],
    ['payload.( who == "ann", n > 1 && ratio < 3 ), provider == "slack"', true],
    ['payload.( n > 1, owner.( name == "Robert", team.( id == 7 ) ) )', true],
    ["!payload.no, payload.yes, !( payload.n > 5 )", true],
    ["payload.missing", false],
    ["!payload.missing", true],
    ["payload.who", false],
    ["( payload.n == 1 || payload.n == 3 ) && ( payload.yes || payload.no )", true],
    ["eval( payload.n == 3 ) || ( eval( payload.no ) && eval( payload.yes ) )", true],
    // `!.` does not hold of null, whatever is asked of what is behind it.
    ["payload.missing.name == null", true],
    ["payload.missing!.name == null", false],
    ['payload.owner!.name == "Robert", payload.owner!.team!.id == 7', true],
    ['!( payload.missing!.name == "x" )', false],
    ['payload.missing!.( name != "x" )', false],
    // Names.
    ["$n : payload.n, $n > 2, payload.n == $n", true],
    ["$r : payload.ratio * 2, $r == 5, $s : ( payload.n + 1 ), $s == 4", true],
    ["$a : payload.n > $b : payload.ratio, $a != $b", true],
    ['this.provider == "slack", this.payload.n == 3, this["provider"] == "slack"', true],
    ['type == "message", actionType == "message", tenant == "acme", namespace == "ops", id == "a-1"', true],
    ['getProvider() == "slack", metadata.team == "ops", createdAt == "2026-03-01T00:00:00Z"', true],
    ['dedupKey == "k-1", dedupKey() == "k-1", fingerprint == null', true],
    // Operators that are words, and that something is not.
    ['payload.text contains "full", payload.tags contains "db", payload.tags not contains "cpu"', true],
    ['payload.missing contains "x"', false],
    ['payload.tags excludes "cpu", payload.tags not excludes "db", payload.missing excludes "x"', true],
    ['payload.who memberOf ["ann", "bob"], payload.who memberOf data.vips, payload.n not memberOf [1, 2]', true],
    ['payload.who in ("bob", "ann"), payload.n in (3), payload.digits in (42), payload.who not in ("eve")', true],
    ["payload.missing in (1, 2)", false],
    ['payload.text matches "disk .*", payload.text not matches "disk"', true],
    ['payload.text matches "cpu.*|disk.*", payload.text matches "disk full on db-\\\\d"', true],
    ['payload.text matches "disk" + " .*"', true],
    ['payload.owner.name soundslike "Rupert", payload.owner.name not soundslike "Rubin"', true],
    ['payload.text str[startsWith] "disk", payload.text str[endsWith] "db-1", payload.who str[length] 3', true],
    ['payload.text not str[startsWith] "cpu", payload.text str[startsWith] "cpu" || str[endsWith] "1"', true],
    ["payload.who instanceof String, payload.n instanceof Integer, payload.ratio instanceof Number", true],
    ["!( payload.ratio instanceof Integer ), payload.owner instanceof Map, payload.tags instanceof List", true],
    // Values.
    ["payload.n + 1 == 4, payload.n * 2 - 1 == 5, payload.n / 2 == 1, payload.n % 2 == 1, -payload.n == -3", true],
    ["payload.n + payload.ratio == 5.5, +payload.n == 3, 0x10 == 16, 010 == 8, 10L == 10, 1e3 == 1000", true],
    ['"n=" + payload.n + payload.ratio + payload.yes == "n=32.5true"', true],
    ['1 + 2 + "a" == "3a", "a" + ( 1 + 2 ) == "a3", "a" + payload.missing == "a"', true],
    ["payload.n > 2 ? payload.yes : payload.no, ( payload.missing ? 1 : 2 ) == 2", true],
    ['payload["a-b"] == 1, payload.tags[0] == "db", payload.tags[9] == null, payload.tags.size() == 3', true],
    ['payload.get("a-b") == 1, payload.getOrDefault("x", 5) == 5, payload.containsKey("n")', true],
    ['payload.who.toUpperCase() == "ANN", payload.text.startsWith("disk"), payload.who.length() == 3', true],
    ['payload.text.replace("disk", "cpu").substring(0, 3) == "cpu", payload.text.indexOf("full") == 5', true],
    ['payload.who.equals("ann"), payload.who.equalsIgnoreCase("ANN"), !payload.tags.isEmpty()', true],
    ['payload.who.matches("a.n"), !payload.who.matches("a"), payload.n.toString() == "3"', true],
    ["(int) payload.ratio == 2, (double) payload.n == 3, payload.digits.intValue() == 42", true],
    ["Math.max(payload.n, 5) == 5, Math.abs(-payload.n) == 3, Math.floor(payload.ratio) == 2", true],
    ['"a\\tb\\u0041" == \'a\tbA\', [1, 2] == [1, 2], ["a": 1].a == 1', true],
  ])("%s", async (constraints, expected) => {
    expect(await holds(`Action( ${constraints} )`, action)).toBe(expected);
  });
});

describe("what rules know besides the action", () => {
  test.each([
    ['env.REGION == "eu", env.MISSING == null', true],
    ['env.circuitBreaker("broken").isOpen(), !env.circuitBreaker("slack").isOpen()', true],
    ['env.health("slack").latencyP99 > 200ms && < "300ms", env.health("slack").failureRate == 0.5', true],
    ['env.health("slack").getLatencyP99() == 250ms, env.health(payload.who).isOpen()', false],
    ['data.vips contains payload.who, data.limits.slack["max-size"] == 3', true],
    ['time.hour == 12, time.year == 2026, time.weekdayNum == 7, time.weekday == "Sunday"', true],
    ["createdAt < now, now - 1h > createdAt", true],
    ['state.seen("k")', false],
    ['state.get("since") == "2026-03-01T11:00:00Z", state.get("nothing") == null', true],
    ['state.timeSince("since") == 1h, state.timeSince("since") > "59m"', true],
    ['state.counter("c", 1m) == 1, state.counter("hits") == 4', true],
    ['timestamp(payload.start) < now, duration("5m") == 5m', true],
  ])("%s", async (constraints, expected) => {
    const store = new TinyStore();
    store.entries.set("since", "2026-03-01T11:00:00Z");
    store.counters.set("hits", 4);
    expect(await holds(`Action( ${constraints} )`, action, store)).toBe(expected);
  });

  test("names of the action come before those that every rule has", async () => {
    expect(
      await holds(
        'Action( payload.( state == "open", env == "test" ) )',
        actionOf({ payload: { state: "open", env: "test" } }),
      ),
    ).toBe(true);
  });
});
