import { actionOf, atOnceMs, fastestOf } from "@acteon/rules/conformance";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { droolsFrontEnd, parseDrlExpression } from "../src/index.ts";
import { environmentAt, ruleSetOf } from "./decide.ts";

const valid = `package a.b
declare Alert @role( event ) @timestamp( at ) severity : String, value : int, at : Date end
declare window W Action( provider == "slack" ) over window:time( 5m ) end
query high(Alert $alert) eval( $alert.value > 3 ) end
function boolean loud(String s) { return s.startsWith("a") || s matches "b+"; }

rule "a" salience 10 no-loop @team( "ops" )
when
    $a : Action( $s : payload.severity, $s == "x" || == "y", payload.( n > 1 && < 5, t!.u ), loud(provider) )
    $x : Alert( value memberOf [1, 2], this after[-5m, *] $a ) from $a.payload.alerts high($x;)
    ( not Alert( severity str[length] 3 ) from $a.payload.other or exists Alert() from [["k": 1], $x] )
    accumulate( Alert( $v : value ) from $a.payload.alerts; $sum : sum( $v ), $n : count(); $sum > 3, $n < 9 )
    accumulate( Action( tenant == $s ) from window W; $c : count(); $c > 1 )
    eval( state.seen("k:" + $s, "5m") )
then
    deduplicate("k:" + $x.value, "5m");
end

rule b extends "a" when then modify($a) { payload.x = 1, payload.remove("y") } end
`;

/** What makes up DRL, so that arbitrary text gets past the first token. */
const pieces =
  'rule "r" when then end Action ( ) $a : payload .x !. .( [ ] { } == != < > <= >= && || ! not exists forall eval accumulate collect from over window:time( 5m , ; or and in contains matches str[ after[ -* * ? : := / #T @x 1 2.5 "text" \'a\' """ // /* */ declare query function return import global salience extends deny( modify( do[ then[ if else \\ ` ~ \ud83d\ude00 \ud83d é'.split(
    " ",
  );

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.array(fc.constantFrom(...pieces, " ", "\n"), { maxLength: 200 }).map((parts) => parts.join(" ")),
);

const mutated = fc
  .array(fc.record({ at: fc.nat(2_000), length: fc.nat(30), by: fc.option(fc.constantFrom(...pieces)) }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((edits) =>
    edits.reduce((text, { at, length, by }) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + (by ?? text.slice(start, start + length).repeat(2)) + text.slice(start + length);
    }, valid),
  );

function expectSound(text: string): void {
  const parsed = droolsFrontEnd.parse(text, "fuzz.drl");
  const isRejected = parsed.diagnostics.some(({ severity }) => severity === "error");
  expect(parsed.kind).toBe(isRejected ? "rejected" : "parsed");
  for (const { span } of parsed.diagnostics) {
    expect(span.end.offset).toBeGreaterThanOrEqual(span.start.offset);
    expect(span.end.offset).toBeLessThanOrEqual(text.length);
  }
  expect(() => parseDrlExpression(text, "fuzz.drl")).not.toThrow();
}

test("what the mutations begin with is a file of two rules", () => {
  expect(droolsFrontEnd.parse(valid, "fuzz.drl")).toMatchObject({
    kind: "parsed",
    rules: [{ name: "a" }, { name: "b" }],
  });
});

test("no text makes the front end throw, and whatever it refuses it explains", () => {
  fc.assert(fc.property(anyText, expectSound), { numRuns: 500 });
});

test("no change of a valid file makes it throw", () => {
  fc.assert(fc.property(mutated, expectSound), { numRuns: 500 });
});

const preamble = 'rule "r" when\n';

test.each(
  (
    '( [ ([ {[( [? ! !!! - -- a. a!. a.( a.(b, a[ 1+ 1&& a|| a==b&&== a(>1&&( a?b: a?( " \' """ ` /* // \\ \u0000 0x 5m 99999999999999999999, ' +
    "Action( Action() Action(a Action(a), Action($a:a) Action(a==b,) not( not exists( forall( eval( eval(a) accumulate(Action(),count()) ( or and (or A() from from[ A()from A()or " +
    '/a[ /a/ do[ if( :=  $a:= $a:a, rule rule\n rule"a" rule"a"when\n end\n then\n end;\n declare declare\na:b\n declareTend query queryq()end function functionf(){ function(){return1;} import importa; global global@x @ @( @a(b) salience salience1 then deny( deny();'
  )
    .split(" ")
    .filter((piece) => piece !== "")
    .map((piece) => [piece]),
)("64 KiB of %j are answered at once", (piece) => {
  const text = piece.repeat(Math.floor(65_536 / piece.length));
  for (const whole of [text, preamble + text, `${preamble}Action( ${text}`, `${preamble}then ${text}`]) {
    expectSound(whole);
    expect(fastestOf(2, () => droolsFrontEnd.parse(whole, "fuzz.drl"))).toBeLessThan(atOnceMs);
  }
});

/** Names that stand for more and more: each twice what the one before it stands for. */
function doubling(line: (name: string, before: string) => string, count: number): string {
  return Array.from({ length: count }, (_, i) => line(`$n${i + 1}`, `$n${i}`)).join("\n");
}

test.each([
  [
    "names of names",
    `${preamble}Action( $n0 : payload.n, ${doubling((name, before) => `${name} : ( ${before} + ${before} ),`, 1_500)} $z : id )\nthen deny(); end`,
  ],
  [
    "functions of functions",
    `function int f0(int n) { return n; }\n${doubling((name, before) => `function int ${name.replace("$n", "f")}(int n) { return ${before.replace("$n", "f")}(n) + ${before.replace("$n", "f")}(n); }`, 900)}
rule "r" when eval( f40(1) > 0 ) eval( f30(1) > 0 ) then deny(); end`,
  ],
  [
    "queries of queries",
    `query q0() Action() end\n${doubling((name, before) => `query ${name.replace("$n", "q")}() ${before.replace("$n", "q")}() ${before.replace("$n", "q")}() end`, 1_000)}
rule "r" when q45() then deny(); end`,
  ],
  [
    "rules that extend each other",
    doubling((name, before) => `rule "${name}" extends "${before}" when Action( payload.n > 1 ) then deny(); end`, 900),
  ],
  ["types that extend each other", doubling((name, before) => `declare ${name} extends ${before} a : int end`, 1_500)],
  [
    "an activation group",
    doubling((name) => `rule "${name}" activation-group "g" when then modify("a", 1); end`, 1_000),
  ],
  [
    "names that nothing binds",
    `${preamble}Action( ${doubling((name) => `$a${name} : id, x${name} == 1,`, 2_000)} id == 1 ) then deny(); end`,
  ],
  [
    "facts that share a name",
    `${preamble}${doubling((name, before) => `${name} : Object( this == ${before} ) from [1]`, 1_400)}\nthen deny($n1); end`,
  ],
  [
    "branches that bind",
    `${preamble}${doubling((name) => `( Action( ${name} : id ) or Action( ${name} : type ) )`, 1_100)}\nthen deny($n1); end`,
  ],
  [
    "windows",
    `${preamble}${doubling((name) => `accumulate( Action() over window:time( 1m ); ${name} : count() )`, 900)}\nthen deny(); end`,
  ],
  [
    "patterns of text",
    `${preamble}Action( ${doubling((name) => `payload.a matches "(a)|${name}",`, 1_500)} id == 1 ) then deny(); end`,
  ],
])("a hostile file of 64 KiB is answered at once: %s", (_, text) => {
  expectSound(text);
  expect(fastestOf(4, () => droolsFrontEnd.parse(text, "fuzz.drl"))).toBeLessThan(atOnceMs);
});

test.each([
  [
    "nested lists",
    "$a : Object() from action.payload.n $b : Object() from action.payload.n Object( this > $a, this > $b ) from action.payload.n",
  ],
  [
    "sums of sums",
    "accumulate( $a : Number() from action.payload.n and $b : Number() from action.payload.n; $s : sum( $a + $b ); $s < 0 )",
  ],
  [
    "lists of lists",
    "accumulate( $a : Number() from action.payload.n and $b : Number() from action.payload.n; $l : collectList( action.payload.n ); $l.size() < 0 )",
  ],
  [
    "a doubling",
    `Action( $n0 : payload.text + "", ${doubling((name, before) => `${name} : ( ${before} + ${before} ),`, 12)} $n12 == "" )`,
  ],
  ["a regex that explodes", 'Action( payload.text matches "(x+x+)+y" )'],
  ["a pattern of the payload", "Object( action.payload.text matches action.payload.pattern ) from action.payload.n"],
  ["sounds", "Object( action.payload.text soundslike action.payload.text ) from action.payload.n"],
  [
    "prototypes",
    'Action( payload.__proto__ != null || payload.constructor != null || payload["prototype"].x != null )',
  ],
])("a hostile rule ends soon: %s", async (_, conditions) => {
  const rules = await ruleSetOf(`${preamble}${conditions}\nthen deny(); end`);
  const payload = { n: Array.from({ length: 1_000 }, (__, i) => i), text: "x".repeat(10_000), pattern: "(a?){60}" };
  const action = actionOf({ payload });
  expect(fastestOf(4, () => rules.plan(action, environmentAt(0)))).toBeLessThan(atOnceMs);
});
