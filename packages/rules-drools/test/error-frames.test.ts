import { renderDiagnostic } from "@acteon/core";
import { describe, expect, test } from "vitest";
import { problemsOf } from "./decide.ts";

/** What a person sees of a file: the problems that the language finds, or those of the engine. */
async function framesOf(text: string): Promise<string> {
  const problems = await problemsOf(text, "rules/pager.drl");
  return problems.map((each) => renderDiagnostic(each, text, { colour: false })).join("\n\n");
}

test("a misspelt verdict, with the one that was meant", async () => {
  expect(await framesOf('rule "r"\nwhen\nthen\n    supress("x");\nend\n'))
    .toBe(`error[ACT-R008]: unknown verdict \`supress\`
  --> rules/pager.drl:4:5
   |
 3 | then
 4 |     supress("x");
   |     ^^^^^^^ not a verdict
   |
help: a verdict named \`suppress\` exists`);
});

test("a field that an action does not have, with the one that was meant", async () => {
  expect(await framesOf('rule "r" when\n    Action( provder == "slack" )\nthen deny(); end\n'))
    .toBe(`error[ACT-R020]: an action has no field \`provder\`
  --> rules/pager.drl:2:13
   |
 1 | rule "r" when
 2 |     Action( provder == "slack" )
   |             ^^^^^^^ neither a field of an action nor a name that is bound
   |
help: did you mean \`provider\`?`);
});

test("a construct outside the dialect, by its name, with what to write instead", async () => {
  expect(await framesOf('rule "r" when\n    $a : Action( /payload/alerts[ severity == "high" ] )\nthen deny(); end\n'))
    .toBe(`error[ACT-R030]: OOPath (\`/field[…]\`) is outside the dialect
  --> rules/pager.drl:2:18
   |
 1 | rule "r" when
 2 |     $a : Action( /payload/alerts[ severity == "high" ] )
   |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ not in the dialect of rule files
   |
help: name the list with \`from\`, as in \`Alert( … ) from $a.payload.alerts\``);
});

test("every problem of a file at once", async () => {
  const text = `declare Alert severity : String, value : int end
rule "a"
when
    $x : Alert( sevrity == "high" ) from action.payload.alerts
    eval( $x.valu > 3 && state.sen("k") )
    Acton( provider == "slack" )
    accumulate( Alert( $v : value ) from action.payload.alerts; $s : summ( $v ) )
then
    throttle();
end

rule "b" extends "A" when then int i = 0; end
rule "c" when Action( payload.name == $nam ) then reroute("x", "y"); deny(); end
`;
  const problems = await problemsOf(text);
  expect(problems.map(({ span, code, summary, help }) => [span.start.line, code, summary, help])).toEqual([
    [4, "ACT-R004", "`Alert` has no field `sevrity`", "did you mean `severity`?"],
    [5, "ACT-R004", "`Alert` has no field `valu`", "did you mean `value`?"],
    [5, "ACT-R013", "there is no function `sen`", "did you mean `seen`?"],
    [6, "ACT-R024", "there is no type `Acton`", "did you mean `Action`?"],
    [7, "ACT-R013", "`accumulate` has no function `summ`", "did you mean `sum`?"],
    [9, "ACT-R013", "`throttle` cannot be called so", 'for example `throttle(10, "1m")`'],
    [12, "ACT-R024", "there is no rule `A` in this file", "did you mean `a`?"],
    [12, "ACT-R030", "DRL_RHS_UNSUPPORTED: `int` is Java, which a right-hand side does not have", expect.any(String)],
    [13, "ACT-R024", "`$nam` is bound by nothing here", undefined],
    [13, "ACT-R013", "`reroute` cannot be called so", 'for example `reroute("provider")`'],
  ]);
});

describe("a left-hand side", () => {
  test.each([
    // Of the grammar.
    ['Action( provider = "slack" )', "ACT-R001", "expected an operator, `,` or `)`, found `=`"],
    ["Action( provider == )", "ACT-R001", "expected a value, found `)`"],
    ["Action( provider == 'x )", "ACT-R001", "expected a value, found `'`"],
    ["Action provider", "ACT-R001", "expected `(` and the constraints of `Action`, found `provider`"],
    ["exist Action()", "ACT-R001", "expected `(` and the constraints of `exist`, found `Action`"],
    ["Action( payload.n > 99999999999999999999 )", "ACT-R007", "out_of_range: `99999999999999999999` does not fit"],
    ["eval( payload.n > 1 && < 3 )", "ACT-R001", "expected a value, found `<`"],
    // Names.
    ["Action( severity == 1 )", "ACT-R020", "an action has no field `severity`"],
    ["eval( $x > 1 )", "ACT-R024", "`$x` is bound by nothing here"],
    ["eval( this > 1 )", "ACT-R024", "`this` is the fact of a pattern, and here is none"],
    ["eval( env == 1 )", "ACT-R024", "`env` is no value by itself"],
    ["eval( state.seen == 1 )", "ACT-R024", "`state` is no value by itself"],
    ["eval( time.hours > 1 )", "ACT-R024", "`hours` is no part of the time"],
    ["eval( data.missing == 1 )", "ACT-R024", "the configured data has no `data.missing`"],
    ["Action( $x : provider, $x : tenant )", "ACT-R004", "`$x` is bound twice"],
    [
      "( Action( $x : provider ) or Action() ) eval( $x == 1 )",
      "ACT-R024",
      "`$x` is bound in one branch of an `or` only",
    ],
    ['Person( name == "x" )', "ACT-R024", "there is no type `Person`"],
    ["Alert( value == 1 )", "ACT-R030", "a fact `Alert` besides the action is outside the dialect"],
    ['String( this == "x" )', "ACT-R030", "a fact `String` besides the action is outside the dialect"],
    ["Alert( colour == Colour.GREN ) from action.payload.x", "ACT-R024", "`Colour` has no constant `GREN`"],
    // Operators and calls.
    ['Action( provider equals "x" )', "ACT-R009", "unknown operator `equals`"],
    ['Action( provider contain "x" )', "ACT-R009", "unknown operator `contain`"],
    ['Action( provider str[starts] "x" )', "ACT-R009", "unknown operator `str[starts]`"],
    ['Action( provider matches "(" )', "ACT-R016", "regex_not_allowed: a regular expression that cannot be used"],
    ["Action( this after[ tomorrow ] now )", "ACT-R020", "an action has no field `tomorrow`"],
    ['Action( this after[ "tomorrow" ] now )', "ACT-R019", "this is no time"],
    ['Action( payload.name.startWith("x") )', "ACT-R013", "there is no function `startWith`"],
    ["Action( payload.name.startsWith() )", "ACT-R013", "`startsWith` takes 1 argument"],
    ['eval( state.seen("a", "b", "c") )', "ACT-R013", "`seen` takes 1 or 2 arguments"],
    ['eval( env.health("slack") == 1 )', "ACT-R013", "`env.health` is no value by itself"],
    ['eval( env.health("slack").latency > 1 )', "ACT-R013", "there is no function `latency`"],
    ["eval( twice(1, 2) == 2 )", "ACT-R013", "`twice` takes 1 argument"],
    // Queries.
    ["high(1, 2;)", "ACT-R013", "the query `high` takes 1 argument"],
    ["high($unknown;)", "ACT-R024", "`$unknown` is bound by nothing here"],
    ["high( $x : alrt )", "ACT-R004", "the query `high` has no parameter `alrt`"],
    // Lists, windows, what is made of them.
    ["Alert() from collect( Alert() from action.payload.x )", "ACT-R006", "`collect` makes a list, and no `Alert`"],
    [
      "List() from collect( ( Alert() from action.payload.x or Alert() from action.payload.y ) )",
      "ACT-R006",
      "`collect` is of the facts of one pattern",
    ],
    ["accumulate( Action(), $n : sum() )", "ACT-R013", "`sum` takes 1 argument"],
    ["Action() over window:time( 5m )", "ACT-R030", "a window whose facts are not counted is outside the dialect"],
    [
      "accumulate( Action() over window:time( 5 ), $n : count() )",
      "ACT-R006",
      "`window:time` takes a time, as in `window:time(5m)`",
    ],
    ["accumulate( Action() over window:tme( 5m ), $n : count() )", "ACT-R013", "there is no window `tme`"],
    [
      "accumulate( Action() over window:time( 5m ), $n : sum( 1 ) )",
      "ACT-R030",
      "`sum` over a window is outside the dialect",
    ],
    ["accumulate( Action() from window Mine, $n : count() )", "ACT-R024", "no window `Mine` is declared"],
    [
      "Action( $x : payload.n ) accumulate( Action( payload.n > $x ) over window:time( 5m ), $n : count() )",
      "ACT-R030",
      "this comparison inside of a window is outside the dialect",
    ],
    // Java.
    ["eval( new Date() == null )", "ACT-R030", "`new` is outside the dialect"],
    ["eval( payload.n++ > 1 )", "ACT-R030", "`++` is outside the dialect"],
    ["eval( ( payload.n & 1 ) == 1 )", "ACT-R030", "`&` between bits is outside the dialect"],
    // Of DRL.
    ['Action() from entry-point "x"', "ACT-R030", "an entry point is outside the dialect"],
    ["$a := Action()", "ACT-R030", "unification (`:=`) is outside the dialect"],
    ["Action() do[x]", "ACT-R030", "a named consequence (`do[…]`, `then[…]`) is outside the dialect"],
    ["if ( true ) do[x] else break[y]", "ACT-R030", "a named consequence behind `if` is outside the dialect"],
    ["groupby( Action(); $k : 1; $n : count() )", "ACT-R030", "`groupby` is outside the dialect"],
    [
      "Number() from accumulate( Action(), init( int x; ), action( x++; ), result( x ) )",
      "ACT-R030",
      "Java in `accumulate` (`init`, `action`, `reverse`, `result`) is outside the dialect",
    ],
  ])("%s", async (conditions, code, summary) => {
    const declared = `declare Alert colour : String, value : int end declare enum Colour GREEN; end
query high(Alert $alert) eval( $alert.value > 3 ) end
function int twice(int n) { return n * 2; }
`;
    const text = `${declared}rule "r" when\n${conditions}\nthen deny(); end\n`;
    const [first] = await problemsOf(text);
    expect([first?.code, first?.summary]).toEqual([code, summary]);
    expect(first?.span.start.line).toBe(5);
  });
});

describe("a right-hand side", () => {
  test.each([
    ["", "ACT-R005", "a rule needs a verdict"],
    [
      "System.out.println(1);",
      "ACT-R030",
      "DRL_RHS_UNSUPPORTED: `System.out.println` is Java, which a right-hand side does not have",
    ],
    ["insert(new Alert());", "ACT-R030", "DRL_RHS_UNSUPPORTED: `insert` of a fact, of which there is only the action"],
    ["update($a);", "ACT-R030", "DRL_RHS_UNSUPPORTED: `update` of a fact, of which there is only the action"],
    ["if (true) { deny(); }", "ACT-R030", "DRL_RHS_UNSUPPORTED: `if` is Java, which a right-hand side does not have"],
    ["deny() ) ;", "ACT-R030", "DRL_RHS_UNSUPPORTED: `)` is Java, which a right-hand side does not have"],
    ["deny(;", "ACT-R001", "expected a value, found `;`"],
    ["deny(); suppress();", "ACT-R004", "a rule has one verdict"],
    ["reroute();", "ACT-R013", "`reroute` cannot be called so"],
    ['deny("x") { payload.a = 1 }', "ACT-R013", "`deny` cannot be called so"],
    ["chain(1);", "ACT-R012", "the verdict `chain` is not built yet"],
    ["custom(1);", "ACT-R006", "the handler must be text"],
    ['custom("h", [1]);', "ACT-R006", 'the parameters must be a map, as in `["name": value]`'],
    [
      "modify($x) { payload.a = 1 }",
      "ACT-R030",
      "DRL_RHS_UNSUPPORTED: `modify` of a fact, of which there is only the action",
    ],
    ['modify($a) { setProvider("x") }', "ACT-R006", "this changes nothing of the payload"],
    ['modify($a) { provider = "x" }', "ACT-R006", "this changes nothing of the payload"],
    ["modify($a) { payload.__proto__ = 1 }", "ACT-R017", "forbidden_key: a rule must not write to `__proto__`"],
    ["throttle(10);", "ACT-R005", "a throttle needs a window"],
    ['throttle(-1, "1m");', "ACT-R007", "out_of_range: a limit must be a whole number of 0 or more"],
    ['deduplicate("k", "soon");', "ACT-R006", "this is no duration"],
  ])("%s", async (acts, code, summary) => {
    const [first] = await problemsOf(`rule "r" when $a : Action( $x : payload.n )\nthen ${acts} end\n`);
    expect([first?.code, first?.summary]).toEqual([code, summary]);
  });
});

describe("other statements", () => {
  test.each([
    ['rulle "x"', "ACT-R001", "expected a rule, or another statement, found `rulle`"],
    [
      'rule "x" saliance 3 when then deny(); end',
      "ACT-R001",
      "expected `when`, `then` or an attribute, found `saliance`",
    ],
    ['rule "x" when then deny();', "ACT-R001", "the rule `x` does not end"],
    ["rule\nwhen then deny(); end", "ACT-R001", "expected the name of a rule, found `when`"],
    [
      'rule "x" salience ( payload.n ) when then deny(); end',
      "ACT-R030",
      "a salience that depends on the action is outside the dialect",
    ],
    ['rule "x" timer ( int: 5s ) when then deny(); end', "ACT-R030", "`timer` is outside the dialect"],
    ['rule "x" duration 42 when then deny(); end', "ACT-R030", "`duration` is outside the dialect"],
    ['rule "x" calendars "weekday" when then deny(); end', "ACT-R030", "`calendars` is outside the dialect"],
    ['rule "x" dialect "groovy" when then deny(); end', "ACT-R007", "there is no dialect `groovy`"],
    ['rule "x" date-effective "soon" when then deny(); end', "ACT-R006", "this is no date"],
    ['rule "x" date-effective "2026-02-30" when then deny(); end', "ACT-R006", "this is no date"],
    ['rule "x" @onError( ignore ) when then deny(); end', "ACT-R007", "`@onError` must be `fail` or `skip`"],
    ['rule "x" @timezone( "Mars" ) when then deny(); end', "ACT-R015", "there is no time zone `Mars`"],
    ['rule "x" extends "x" when then deny(); end', "ACT-R024", "`x` extends itself"],
    [
      'rule "x" when then deny(); end rule "x" when then deny(); end',
      "ACT-R011",
      "duplicate_rule: two rules are named `x`",
    ],
    ["global java.util.List vip;", "ACT-R024", "there is no configured document `vip`"],
    ['declare Alert severity : String = "x" end', "ACT-R030", "the initial value of a field is outside the dialect"],
    ["declare Alert extends Event end declare Evnt end", "ACT-R024", "no type `Event` is declared"],
    ["declare A extends B end declare B extends A end", "ACT-R024", "`A` extends itself"],
    ["declare Alert end declare Alert end", "ACT-R004", "there are two types `Alert`"],
    ["declare Action end", "ACT-R004", "`Action` is a type already"],
    ["declare Alert @timestamp( when ) at : Date end", "ACT-R004", "`Alert` has no field `when`"],
    ["declare trait Loud end", "ACT-R030", "a trait is outside the dialect"],
    ["declare entry-point X end", "ACT-R030", "an entry point is outside the dialect"],
    ["function int f() { int i = 1; return i; }", "ACT-R030", "Java in the body of a function is outside the dialect"],
    ["function int f(int a) { return b; }", "ACT-R024", "`b` is bound by nothing here"],
    ["query q(int a) eval( b > a ) end", "ACT-R024", "`b` is bound by nothing here"],
    ["function int f(int a) { return f(a); }", "ACT-R030", "`f` calls itself, which is outside the dialect"],
    ["query q() q() end", "ACT-R030", "`q` calls itself, which is outside the dialect"],
    ["declare window W Action( x == 1 ) over window:time( 1m ) end", "ACT-R020", "an action has no field `x`"],
    ["template header\nx", "ACT-R030", "a rule template is outside the dialect"],
    ["expander a.dsl", "ACT-R030", "a domain-specific language (`expander`) is outside the dialect"],
    ["", "ACT-R005", "the file is empty"],
  ])("%s", async (text, code, summary) => {
    const [first] = await problemsOf(text);
    expect([first?.code, first?.summary]).toEqual([code, summary]);
  });

  test("packages, imports, units and globals that are documents mean nothing, and are accepted", async () => {
    const text = `package a.b; unit X; import a.b.C; import static a.B.*; import function a.B.f; import accumulate a.B mine;
global java.util.List<String> vips; global Object state
rule "r" when Action( vips contains payload.who, state.get("x") == null ) then deny(); end`;
    expect(await problemsOf(text)).toEqual([]);
  });
});
