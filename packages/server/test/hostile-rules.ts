import type { JsonObject } from "@acteon/core";
import type { NativeRule, Rule } from "@acteon/rules";
import { counter, defineRule, field, rule, seen, text } from "@acteon/rules-native";

/** A rule that would take for ever, all memory, or what is not its own, if it could. */
export interface HostileRule {
  readonly says: string;
  /** A file, by its ending, or rules made in code. */
  readonly written: readonly [extension: string, text: string] | (() => readonly (Rule | NativeRule)[]);
  /** `refused` at load; else what comes of the action below. */
  readonly ends: "refused" | "error" | "deny" | "allow";
}

const numbers = Array.from({ length: 1_000 }, (_, i) => i);

/** As much as a sender can put into one payload. */
export const hostilePayload: JsonObject = {
  n: numbers,
  text: "x".repeat(10_000),
  long: "x".repeat(500_000),
  texts: Array.from({ length: 100 }, (_, i) => abText(4_000, i + 1)),
  keys: Object.fromEntries(numbers.map((i) => [`key-${i}`, i])),
  pattern: "(a?){60}b",
  classes: `(?i)(${"\\pL|".repeat(240)}a)`,
  ranges: `(?i)${"[Ā-\u{10ffff}]".repeat(30)}`,
  format: "%.999f".repeat(100),
  constructor: { name: "Object" },
};

/** What can be told of two letters in no order: an automaton that looks for them has as many states as there are texts. */
function abText(length: number, seed: number): string {
  let state = seed;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state > 2 ** 30 ? "a" : "b";
  }).join("");
}

function cel(says: string, condition: string, ends: HostileRule["ends"]): HostileRule {
  return { says, written: [".cel", `@rule(name = "r") @on(deny)\n${condition}\n`], ends };
}

function rego(says: string, body: string, ends: HostileRule["ends"]): HostileRule {
  return regoModule(says, `deny_r if {\n\t${body}\n}`, ends);
}

function regoModule(says: string, rules: string, ends: HostileRule["ends"]): HostileRule {
  return { says, written: [".rego", `package acteon.rules\n\n${rules}\n`], ends };
}

function lines(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join("\n");
}

function drl(says: string, when: string, ends: HostileRule["ends"]): HostileRule {
  return { says, written: [".drl", `rule "r"\nwhen\n    ${when}\nthen\n    deny("no");\nend\n`], ends };
}

function yaml(says: string, when: string, ends: HostileRule["ends"], then = "deny"): HostileRule {
  return { says, written: [".yaml", `rules:\n  - name: r\n    when: ${when}\n    then: ${then}\n`], ends };
}

function native(says: string, ends: HostileRule["ends"], written: () => readonly (Rule | NativeRule)[]): HostileRule {
  return { says, written, ends };
}

const doubled = (start: string, times: number): string =>
  `cel.bind(a, ${start}, ${"cel.bind(a, a + a, ".repeat(times)}a${")".repeat(times)}).size() > 0`;

const tower = Array.from({ length: 49 }, (_, i) => `x${i + 1}: &x${i + 1} [*x${i}, *x${i}, *x${i}]`).join("\n");

/** Those of other languages go in beside these. */
export const hostileRules: readonly HostileRule[] = [
  // CEL
  cel(
    "loops in loops in loops",
    "action.payload.n.all(a, action.payload.n.all(b, action.payload.n.all(c, a >= 0)))",
    "error",
  ),
  cel(
    "lists of lists of lists",
    "action.payload.n.map(a, action.payload.n.map(b, action.payload.n)).size() > 0",
    "error",
  ),
  cel("a text doubled and doubled", doubled("action.payload.long", 40), "error"),
  cel("a list doubled and doubled", doubled("action.payload.n", 40), "error"),
  cel("long texts in order", "action.payload.n.map(a, action.payload.long + string(a)).sort().size() > 0", "error"),
  cel("long texts, each once", "action.payload.n.map(a, action.payload.long).distinct().size() > 0", "error"),
  cel("long texts, printed", '"%s".format([action.payload.n.map(a, action.payload.long)]).size() > 0', "error"),
  cel("parentheses as deep as the file is long", `${"(".repeat(5_000)}1${")".repeat(5_000)} == 1`, "refused"),
  cel("two thousand terms", `${'action.id != "x" && '.repeat(2_000)}true`, "deny"),
  cel("a pattern that explodes where backtracking is", 'action.payload.text.matches("(x+x+)+y")', "allow"),
  cel(
    "a pattern whose automaton explodes, on text after text",
    'action.payload.texts.all(t, !t.matches("(a|b)*a(a|b){60}[^ab]"))',
    "error",
  ),
  cel("a pattern that is large once it is unfolded", 'action.payload.text.matches("((a{10}){10}){10}")', "refused"),
  cel(
    "a pattern of classes that disregard case",
    `action.payload.text.matches(r"(?i)(${"\\pL|".repeat(240)}a)")`,
    "refused",
  ),
  cel(
    "a pattern of ranges that disregard case",
    `action.payload.text.matches("(?i)${"[Ā-\u{10ffff}]".repeat(30)}")`,
    "refused",
  ),
  cel(
    "patterns of the sender, compiled again and again",
    "action.payload.n.exists(a, action.payload.text.matches(action.payload.pattern))",
    "error",
  ),
  cel("a costly pattern of the sender", "action.payload.text.matches(action.payload.classes)", "error"),
  cel("another one", "action.payload.text.matches(action.payload.ranges)", "error"),
  cel(
    "a long text searched again and again",
    "action.payload.n.exists(a, action.payload.long.contains(action.payload.pattern))",
    "error",
  ),
  cel(
    "a text replaced by itself at every place",
    'action.payload.text.replace("", action.payload.text).size() > 0',
    "error",
  ),
  cel("formats of the sender", "action.payload.n.all(a, action.payload.format.format([1.5]).size() >= 0)", "error"),
  cel("ranges of ranges", "lists.range(49999).map(a, lists.range(49999)).size() > 0", "error"),
  cel("flattening as deep as it goes", "[[[action.payload.n]]].flatten(1000000000).size() > 0", "deny"),
  cel(
    "prototypes",
    'has(action.payload.__proto__) || action.payload.?toString.hasValue() || {"__proto__": 1}.size() != 1',
    "allow",
  ),
  cel(
    "the constructor of what a sender made",
    'action.payload.constructor.name == "Object" && !has(action.payload.constructor.prototype)',
    "deny",
  ),
  cel("keys that depend on each other", 'state.get(state.get(state.get(state.get(state.get("a"))))) == "b"', "refused"),
  cel(
    "a key as long as a payload",
    "state.seen(action.payload.long + action.payload.long + action.payload.long)",
    "error",
  ),
  cel(
    "a hundred loops, one after the other",
    Array.from({ length: 100 }, () => "action.payload.n.all(a, a >= 0)").join(" && "),
    "deny",
  ),
  // YAML
  yaml("conditions as deep as the file is long", `${"{ not: ".repeat(200)}{ all: [] }${" }".repeat(200)}`, "refused"),
  yaml("thousands of conditions", `{ all: [${"{ field: action.id, exists: true }, ".repeat(1_500)}] }`, "deny"),
  { says: "a tower of aliases", written: [".yaml", `x0: &x0 [a, a]\n${tower}\nrules: *x49\n`], ends: "refused" },
  yaml("a value of a million characters", `{ field: action.id, equals: ${"y".repeat(1_100_000)} }`, "refused"),
  yaml("a pattern with a look-behind", '{ field: action.payload.text, matches: "(?<=x)y" }', "refused"),
  yaml("a pattern that explodes", '{ field: action.payload.text, matches: "^(([a-x])+.)+[A-Z]([a-x])+$" }', "allow"),
  yaml(
    "fields of the prototype",
    "{ any: [{ field: action.payload.__proto__.polluted, exists: true }, { field: action.payload.toString, exists: true }] }",
    "allow",
  ),
  yaml("a modification of the prototype", "{ all: [] }", "refused", "{ modify: { set: { __proto__.polluted: 1 } } }"),
  yaml(
    "a merge of the prototype",
    "{ all: [] }",
    "refused",
    '{ modify: { merge: { a: { "__proto__": { polluted: 1 } } } } }',
  ),
  yaml(
    "calls in calls in a hole",
    "{ all: [] }",
    "refused",
    `{ suppress: { reason: "{{ ${"lower(".repeat(1_000)}action.id${")".repeat(1_000)} }}" } }`,
  ),
  yaml(
    "a key with a payload in it",
    '{ state.seen: { key: "{{ action.payload.long }}{{ action.payload.long }}{{ action.payload.long }}", window: 5m } }',
    "error",
  ),
  yaml(
    "loops in CEL in YAML",
    '{ expr: "action.payload.n.all(a, action.payload.n.all(b, action.payload.n.all(c, a >= 0)))" }',
    "error",
  ),
  // Rego
  rego(
    "loops in loops in loops",
    "some a in input.action.payload.n; some b in input.action.payload.n; some c in input.action.payload.n; a + b + c < 0",
    "error",
  ),
  rego(
    "comprehensions in comprehensions",
    "count([[[c | some c in input.action.payload.n] | some b in input.action.payload.n] | some a in input.action.payload.n]) > 0",
    "error",
  ),
  rego(
    "a text joined to itself, again and again",
    'count(concat("", [input.action.payload.long | some a in input.action.payload.n])) > 0',
    "error",
  ),
  // What a built-in refuses is undefined in Rego: its rule does not hold.
  rego("numbers without end", "count(numbers.range(1, 1000000000)) > 0", "error"),
  rego("a walk of walks", "walk(input, [p, v]); walk(v, [q, w]); walk(w, [r, x]); count(r) > 100", "error"),
  rego(
    "a pattern whose automaton explodes, on text after text",
    "every t in input.action.payload.texts { not regex.match(`(a|b)*a(a|b){60}[^ab]`, t) }",
    "error",
  ),
  rego(
    "patterns of the sender",
    "some a in input.action.payload.n; regex.match(input.action.payload.pattern, input.action.payload.text)",
    "allow",
  ),
  rego("parentheses as deep as the file is long", `${"(".repeat(5_000)}1${")".repeat(5_000)} == 1`, "refused"),
  rego(
    "the whole payload as a key",
    "some a in input.action.payload.n; {input.action.payload: a}[input.action.payload] < 0",
    "error",
  ),
  rego(
    "a set of pairs of all and all",
    "count({[a, b] | some a in input.action.payload.n; some b in input.action.payload.n}) < 0",
    "error",
  ),
  rego(
    "all keys for each of all keys",
    'some a, _ in input.action.payload.keys; some b, _ in input.action.payload.keys; a == "z"; b == "z"',
    "error",
  ),
  rego(
    "pairs of all that a payload holds",
    "walk(input, [p, v]); walk(input, [q, w]); p != q; v == w; v == -1",
    "error",
  ),
  regoModule(
    "a function that asks twice, forty times over",
    `f0(x) if x\n${lines(40, (i) => `f${i + 1}(x) if { f${i}(x); f${i}(x) }`)}\ndeny_r if f40(true)`,
    "error",
  ),
  regoModule(
    "a document of itself and itself, forty times over",
    `d0 := [1]\n${lines(40, (i) => `d${i + 1} := [d${i}, d${i}]`)}\ndeny_r if count(d40) > 0`,
    "error",
  ),
  regoModule(
    "the same of what the store holds",
    `d0 := state.get("k")\n${lines(40, (i) => `d${i + 1} := [d${i}, d${i}]`)}\ndeny_r if count(d40) > 0`,
    "error",
  ),
  regoModule(
    "rules that stand on one another without end",
    `${lines(4_000, (i) => `p${i} := p${i + 1}`)}\ndeny_r if p0`,
    "refused",
  ),
  regoModule(
    "a body of a thousand expressions, from the last to the first",
    `deny_r if {\n${lines(1_000, (i) => `x${i} = x${i + 1}`)}\nx1000 = 1\n}`,
    "refused",
  ),
  regoModule(
    "a document on a prototype",
    'p.__proto__.polluted := true\n__proto__.polluted := true\ndeny_r if { p.__proto__.polluted; {"a": 1}.polluted }',
    "allow",
  ),
  rego("prototypes", 'input.action.payload.__proto__; object.get({"a": 1}, "constructor", 0) == 0', "allow"),
  // DRL
  drl(
    "loops in loops in loops",
    "a: Action() x: Number() from a.payload.n y: Number() from a.payload.n Number(x + y + this < 0) from a.payload.n",
    "error",
  ),
  drl("a pattern whose automaton explodes", 'Action( payload.text matches "(a|b)*a(a|b){60}[^ab]" )', "allow"),
  drl(
    "a pattern of ranges that disregard case",
    `Action( payload.text matches "(?i)${"[Ā-\u{10ffff}]".repeat(30)}" )`,
    "refused",
  ),
  drl(
    "parentheses as deep as the file is long",
    `Action( ${"(".repeat(5_000)}id == "a"${")".repeat(5_000)} )`,
    "refused",
  ),
  drl("prototypes", "Action( payload.__proto__ != null )", "allow"),
  // Made in code
  native("conditions as deep as the stack", "refused", () => {
    let condition = field("action.id").exists();
    for (let i = 0; i < 5_000; i++) condition = condition.not();
    return [rule("r").when(condition).deny()];
  }),
  native("a pattern that explodes", "allow", () => [
    rule("r").when(field("action.payload.text").matches("(x+x+)+y")).deny(),
  ]),
  native("a pattern that is too long", "refused", () => [
    rule("r")
      .when(field("action.id").matches("a|".repeat(600)))
      .deny(),
  ]),
  native("a key of a text of texts", "error", () => {
    const key = Array.from({ length: 8 }).reduce<ReturnType<typeof text>>(
      (all) => text`${all}${all}`,
      text`${field("action.payload.long")}`,
    );
    return [rule("r").when(seen(key, "5m")).deduplicate({ key, window: "5m" })];
  }),
  native("a counter of a counter of a counter", "refused", () => [
    rule("r")
      .when(counter(text`${counter(text`${counter(text`${counter(text`${counter("a")}`)}`)}`)}`).atLeast(0))
      .deny(),
  ]),
  native("a function that throws what is no error", "error", () => [
    defineRule({
      name: "r",
      evaluate: () => {
        throw Object.create(null);
      },
    }),
  ]),
  native("a function that answers what is no verdict", "error", () => [
    defineRule({ name: "r", evaluate: () => JSON.parse('{ "kind": "__proto__" }') }),
  ]),
  native("a function that merges a prototype", "error", () => [
    defineRule({
      name: "r",
      evaluate: () => ({ kind: "modify", merge: JSON.parse('{ "__proto__": { "polluted": 1 } }') }),
    }),
  ]),
];
