import { describe, expect, test } from "vitest";
import { parseDrl, parseDrlExpression } from "../src/index.ts";

const problemsOf = (text: string) => parseDrl(text, "a.drl").diagnostics.map(({ summary }) => summary);

describe("a left-hand side may be", () => {
  test.each([
    'Person( age > 30 && < 40 ) Vehicle( type == "sedan" || == "wagon", age < 3 )',
    'Person( age ( > 30 && < 40 ) || name == "x", size(> 3), ( a > 1 ), !( b ) )',
    'Person( location=="atlanta\\"", x == \'a"b\', street == "Low" && sss[1] == 234, this["a"] == 3, -a < 3 )',
    "Foo( this instanceof Bar, !(this instanceof Baz), a == (Integer) b, c == (int) d, ((B) a).c == 1 )",
    "Foo( a == 10B, b == 100I, c == 5L, d == 0xFF, e == 1.5e3f, f == .5, g == 1_000 )",
    "$a : Foo() $b : Bar( this after[ -1ms, 1h30m ] $a, x before $a, y coincides [15s, 10s] $a.start, z after[-*, *] $b )",
    'Foo( name str[startsWith] "x" || str[endsWith] "y", b memberOf ["x","y"], c contains [1], d not in ("x", $y) )',
    'Foo( a matches ".*" || matches "x" || not matches "y", b contains "x" && not contains "y", c in (1) || in (2) )',
    "Foo( a supersetOf b, this not ##isA t.x.E.class, e == f.new C(), g == h.super.i(), j == <String>k() )",
    "Foo( a.b!.c.(d == 1, e == 2), f.( g > 1 || h < 2 ), i#J.k == 1, l!.m()!.n[0] == 2 )",
    "Foo( $a : x, $b : y + 1 > 3, z == $a, ($c : p > $d : q[10].r || s) )",
    'Foo( x == ( $y > 3 ? 1 : 2 ), a & b == 3, c << 2 > 4, ~d == 1, e >>> 1 == 0, f == {"a", "b"} )',
    '?person($x, "a"; ) person("x"; age > 3) Location(x, y;)',
    "($a : Foo() and $b : Bar()) or (Baz() and not Bax())",
    "$x : Foo( ) && Bar( ) || Baz( )",
    "(or not Person() (and Cheese() Meat() Wine())) ( and @Annot String() Integer() )",
    "( Double() or @Annot1 String() or @Annot2 Integer() )",
    "foo : ( Person(a == 1) or Person(b == 2) ); Bar();",
    "not(exists(Foo())) exists(not(Integer()) or not(Double()))",
    "forall( $x : Foo(a == 1) Bar(this == $x) ) forall( ( Foo() and Bar() ) Baz() )",
    "accumulate( Foo($v : v) and Bar(x == $v); $a : sum($v + 1), $c : count(1); $a > 3, $c < 4 || $c == 7)",
    "acc( Foo( $p : p ), $a1 : average( $p ) ) Number( $d : doubleValue > 100 ) from accumulate( Foo( $v : v ) from $x.y, sum( $v * 2 ) )",
    "$l : List( size > 3 ) from collect( $p : Foo( a > 21 || a < 10 ) from collect( Bar() from $x.getY() ) )",
    'Foo() from bar.baz["key"]\nFoo() from bar.la(x)\n(Baz() or Bax())',
    'Col1() from doIt1( foo,bar,42,"hello",[ a : "b"], [a, "b", 42] ).doIt2(bar).field["key"] Col2()',
    "Number() from [1, 2, 3][1] Map() from [:] List() from [] Cheese() from (isFull ? $a : $b) ?q( 1; )",
    'StockTick( symbol=="ACME") over window:length(10) StockTick() from window Y',
    '$p : Person( name == "Mario" ) @watch(!*, age)',
    'eval( true ) eval( a.b("x") && c.startsWith("f") )',
  ])("%s", (conditions) => {
    expect(problemsOf(`rule R when ${conditions}\nthen end`)).toEqual([]);
  });
});

describe("a file may have", () => {
  test.each([
    "package foo.bar; import a.B; import a.*\nimport static a.B.*; import function a.B.f; import accumulate a.B b; import acc a.B c; unit U;",
    "global java.util.List<java.util.Map<String,Integer>> aList; global int[] arr; global Outer.Inner x",
    'dialect "mvel" no-loop enabled true;',
    "function int f(final String s, int... xs, String args[]) throws java.io.IOException { return 1; }",
    "function <T> java.util.List<T> f() { return a.b(1, [2]); }",
    'declare Foo extends a.Bar @role( event ) a : int = 5 b : int = -1 @key c : String = "x" + "y"; d : Map<String,Object> = new HashMap() end',
    "declare enum Planets\n MERCURY(3.303e+23, 2.4397e6),\n EARTH(1,2);\n mass : double\n radius : double\nend",
    "declare type Foo id : int end declare trait end declare window W $s : S( a == 1 ) over window:length( 10, $s.b ) end",
    'query "q"( int[] $a, String y, z ) @x() Foo( a == $a[0] ); Bar(); end;',
    'rule "x" @a( b ) attributes: salience 42, ruleflow-group "g", no-loop, lock-on-active, duration 42, activation-group "a" when then end',
    'rule x extends "y" salience ( 1 + 2 ) enabled ( 1 + 1 == 2 ) timer ( cron:0/30 * * * * ? ) duration (wrong input) when : then end',
    'rule "日本" @doc( descr="Models a (person)", date=Calendar.getInstance().getDate() ) when $人 : Person( 名前 == "x" ) then end',
    "# an old comment\n#### another\nrule R when then end\n# the last",
  ])("%s", (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  test("keywords as names, wherever there may be a name", () => {
    const text = `package contains.matches; import contains.matches; global contains.matches contains;
declare contains extends matches contains : matches @contains end
declare window contains contains() over window:contains( 10 ) end
query contains(contains matches) contains(matches;) end
function contains contains(contains matches) { return matches; }
rule contains extends matches when
  contains : contains( contains : contains > 20, contains contains contains, a.contains.in.not == (contains) b )
  contains() from window contains
  contains( name == "x" ) from contains.from.contains
then end`;
    expect(problemsOf(text)).toEqual([]);
  });
});

describe("a right-hand side ends where its rule does, whatever stands in it", () => {
  test.each([
    "int end = 10;    int a = end;\nend;",
    'System.out.println("end"); // end\n/* end */ foo(end);\nend',
    "if (a) { x.end(); } else { end = 3; }\nend",
    "delete($s);end",
    "modify($p) { setAge(2) }end",
    "retract($p)end",
    "int x = 1 end",
    '//System.out.println(");\nretract($p)\nend',
    "System.out.println('Draw '+$p1+' '+$p2);\nend",
    "int rule = 10;\nend",
    "// it's\nString s = \"it's\"; char c = '\"';\nend",
    'String s = """\nend\n""";\nend',
    "end",
  ])("%s", (acts) => {
    const { file, diagnostics } = parseDrl(`rule R1 when then ${acts} no-loop true rule R2 when then end`, "a.drl");
    expect(diagnostics).toEqual([]);
    expect(file.statements.map(({ kind }) => kind)).toEqual(["rule", "attribute", "rule"]);
  });
});

describe("an expression by itself", () => {
  test.each([
    ["a > b && 10 != 20", "logic"],
    ["($a : a > $b : b[10].prop || 10 != 20) && $x : someMethod(10) == 20", "logic"],
    [`${"(".repeat(50)} a > b ${")".repeat(50)}`, "relation"],
    ["a instanceof A", "instanceof"],
    ["age == 013", "relation"],
    ["a ? b : c", "conditional"],
    ["$x", "name"],
  ])("%s", (text, kind) => {
    expect(parseDrlExpression(text, "a.drl")).toMatchObject({ expr: { kind }, diagnostics: [] });
  });

  test.each(["a +; b", "a~a", "age > 10 && < 20", 'name == "John" || == "Paul"', "a b", "a = b", "(a", "a)", ""])(
    "%s is none",
    (text) => {
      expect(parseDrlExpression(text, "a.drl").diagnostics).toHaveLength(1);
    },
  );
});
