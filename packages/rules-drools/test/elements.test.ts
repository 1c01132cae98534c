import { actionOf, TinyStore } from "@acteon/rules/conformance";
import { describe, expect, test } from "vitest";
import { decide, holds, ruleSetOf } from "./decide.ts";

const declared = `
declare Alert
    severity : String
    value : int
    owner : Person
end
declare Incident extends Alert @role( event ) id : String end
declare com.example.Person name : String, age : int end
declare enum Severity HIGH, LOW; level : int end

function boolean isVip(String name) { return data.vips contains name; }
function int doubled(int n) { return n * 2; }
function int fourfold(int n) { return doubled(doubled(n)); }

query severe(Alert $alert) eval( $alert.severity == "high" ) end
query ownerOf(Alert $alert, String $name) Person( $name; ) from $alert.owner end
query aged(Person $p, int $least) eval( $p.age >= $least ) end
query named(String $who) $p : Person( name == $who ) from action.payload.people end
query severeAndNamed(Alert $alert, String $who) severe($alert;) named($who;) end
`;

const action = actionOf({
  provider: "slack",
  payload: {
    alerts: [
      { severity: "high", value: 5, owner: { name: "ann", age: 30 } },
      { severity: "low", value: 2, owner: { name: "bob", age: 50 } },
      { severity: "high", value: null },
      "not an alert",
    ],
    people: [
      { name: "ann", age: 30 },
      { name: "bob", age: 50 },
    ],
    one: { severity: "low", value: 1 },
    numbers: [1, 2.5, "3", null, true],
    empty: [],
    level: "HIGH",
  },
});

describe("elements of a left-hand side", () => {
  test.each([
    // Facts that are read from something: lists, single maps, nothing.
    ['Alert( severity == "high", value > 4 ) from action.payload.alerts', true],
    ['Alert( severity == "high", value > 5 ) from action.payload.alerts', false],
    ['Alert( severity == "low" ) from action.payload.one', true],
    ["Alert() from action.payload.missing", false],
    ["Alert() from action.payload.empty", false],
    ["Alert( severity == null ) from action.payload.alerts", false],
    ['$a : Action() $x : Alert() from $a.payload.alerts Person( name == "bob", age > 40 ) from $x.owner', true],
    ['$x : Alert( severity == "high" ) from action.payload.alerts Person( name == "bob" ) from $x.owner', false],
    [
      '$x : Alert() from action.payload.alerts $p : Person( name == "bob" ) from action.payload.people eval( $x.owner.name == $p.name )',
      true,
    ],
    ['Alert( owner.name == "ann", owner!.age < 40 ) from action.payload.alerts', true],
    ['Incident( severity == "high", id == null ) from action.payload.alerts', true],
    ['Alert( "low", 2; ) from action.payload.alerts', true],
    ['Alert( $severity, $value; $value > 4 ) from action.payload.alerts eval( $severity == "high" )', true],
    // What JSON has, by the names of Java.
    ["Number( this > 2 ) from action.payload.numbers", true],
    ["Integer( this > 2 ) from action.payload.numbers", false],
    ['String( this == "3", length == 1 ) from action.payload.numbers', true],
    ["Boolean( this == true ) from action.payload.numbers", true],
    ["Map( this.value == 1, value == 1 ) from action.payload.one", true],
    ["List() from action.payload.alerts", false],
    ["List( size == 2, !empty ) from [[1, 2]]", true],
    ['Object( this == "not an alert" ) from action.payload.alerts', true],
    ['String( this == "b" ) from ["a", "b"]', true],
    // not, exists, forall.
    ['not Action( provider == "mail" )', true],
    ['not Action( provider == "slack" )', false],
    ["not Alert( value > 5 ) from action.payload.alerts", true],
    ["not ( Alert( value > 4 ) from action.payload.alerts )", false],
    [
      'exists ( $x : Alert( severity == "high" ) from action.payload.alerts and Person( name == "ann" ) from $x.owner )',
      true,
    ],
    ["not ( not ( Alert() from action.payload.alerts ) )", true],
    ['exists( not( Action( provider == "x" ) ) or not( Action() ) )', true],
    ["forall( Alert( severity != null ) from action.payload.alerts )", true],
    ['forall( Alert( severity == "high" ) from action.payload.alerts )', false],
    ['forall( Action( provider == "slack" ) )', true],
    [
      "forall( $p : Person() from action.payload.people  Alert( owner.name == $p.name ) from action.payload.alerts )",
      true,
    ],
    [
      "forall( $p : Person() from action.payload.people  Alert( owner.name == $p.name, value > 4 ) from action.payload.alerts )",
      false,
    ],
    // and, or: infix and prefix.
    ['Action( provider == "mail" ) or Action( payload.level == "HIGH" )', true],
    ['( Action( provider == "mail" ) or Action( provider == "slack" ) ) and Action( payload.level == "LOW" )', false],
    ['(or Action( provider == "mail" ) (and Action( provider == "slack" ) Action( payload.level == "HIGH" )))', true],
    ['Action( provider == "mail" ) || Action( provider == "slack" ) && Action( payload.level == "HIGH" )', true],
    ['$a : ( Action( provider == "mail" ) or Action( provider == "slack" ) ) eval( $a.payload.level == "HIGH" )', true],
    ['( Action( $x : payload.level == "LOW" ) or Action( $x : provider == "slack" ) ) eval( $x == "slack" )', true],
    [
      '( $x : Alert( value > 9 ) from action.payload.alerts or $x : Alert( value < 2 ) from action.payload.one ) eval( $x.severity == "low" )',
      true,
    ],
    [
      "( $x : Alert() from action.payload.empty or $x : Alert() from action.payload.one ) Alert( value > $x.value ) from action.payload.alerts",
      true,
    ],
    // accumulate and collect.
    [
      "accumulate( Alert( $v : value ) from action.payload.alerts; $sum : sum( $v ), $n : count(); $sum == 7, $n == 3 )",
      true,
    ],
    [
      "accumulate( Alert( value != null, $v : value ) from action.payload.alerts, $min : min( $v ), $max : max( $v + 1 ), $avg : average( $v ) ) eval( $min == 2 && $max == 6 && $avg == 3.5 )",
      true,
    ],
    [
      "accumulate( Alert( $v : value ) from action.payload.empty; $n : count( $v ), $s : sum( $v ), $m : max( $v ); $n == 0 && $s == 0, $m == null )",
      true,
    ],
    [
      'acc( Alert( $s : severity ) from action.payload.alerts; $all : collectList( $s ), $set : collectSet( $s ); $all.size() == 3, $set.size == 2, $set contains "low" )',
      true,
    ],
    [
      'accumulate( $x : Alert() from action.payload.alerts and Person( name == "ann", $age : age ) from $x.owner; $sum : sum( $age ); $sum == 30 )',
      true,
    ],
    ['accumulate( Action( provider == "slack" ); $n : count(); $n == 1 )', true],
    ["Number( intValue > 6 ) from accumulate( Alert( $v : value ) from action.payload.alerts, sum( $v ) )", true],
    ['$l : List( size == 2, !empty ) from collect( Alert( severity == "high" ) from action.payload.alerts )', true],
    [
      '$l : ArrayList() from collect( Alert( severity == "high" ) from action.payload.alerts ) Alert( value == 5 ) from $l',
      true,
    ],
    ["Set( size == 3 ) from collect( Alert() from action.payload.alerts )", true],
    // Queries and functions, filled in.
    ["$x : Alert() from action.payload.alerts severe($x;)", true],
    ["$x : Alert( value == 2 ) from action.payload.alerts ?severe($x;)", false],
    ['$x : Alert( value == 2 ) from action.payload.alerts ownerOf($x, "bob";)', true],
    ['$x : Alert() from action.payload.alerts ownerOf($x, $name;) eval( $name == "bob" )', true],
    ['$x : Alert() from action.payload.alerts ownerOf( $alert == $x, $who : $name ) eval( $who == "ann" )', true],
    ['$p : Person() from action.payload.people aged($p, 40;) eval( $p.name == "bob" )', true],
    ['$x : Alert() from action.payload.alerts severeAndNamed($x, "bob";)', true],
    ['$x : Alert( value == 2 ) from action.payload.alerts severeAndNamed($x, "bob";)', false],
    ['named("eve";)', false],
    ['not named("eve")', true],
    ['Action( isVip("ann"), !isVip(provider) )', true],
    ["Action( fourfold(payload.one.value) == 4 )", true],
    // Enums are texts.
    ["Action( payload.level == Severity.HIGH )", true],
    ["Action( payload.level == Severity.LOW )", false],
    // Casts to declared types.
    ['Action( payload.one#Alert.severity == "low", (Alert) payload.one != null )', true],
  ])("%s", async (conditions, expected) => {
    expect(await holds(conditions, action, new TinyStore(), declared)).toBe(expected);
  });
});

test("nothing is asked: the rule holds of every action", async () => {
  expect(await decide(await ruleSetOf('rule "r" when then deny(); end'), action)).toMatchObject({ verdict: "deny" });
  expect(await decide(await ruleSetOf('rule "r" then deny(); end'), action)).toMatchObject({ verdict: "deny" });
});

test("names of the conditions are values of the verdict: those of the first solution", async () => {
  const rules = await ruleSetOf(`${declared}
rule "r"
when
    $a : Action( $provider : provider )
    $x : Alert( severity == "high" ) from $a.payload.alerts
    Person( $name : name ) from $x.owner
    accumulate( Alert( $v : value ) from $a.payload.alerts; $sum : sum( $v ) )
    ( Action( $level : payload.missing != null ) or Action( $level : payload.level != null ) )
then
    suppress($provider + ": " + $name + " has " + $x.value + " of " + $sum + ", " + $level);
end`);
  expect(await decide(rules, action)).toMatchObject({ verdict: "suppress", reason: "slack: ann has 5 of 7, HIGH" });
});

describe("a rule that extends another", () => {
  const text = `
rule "base" when $a : Action( provider == "slack", $level : payload.level ) then end

rule "loud" extends "base" when eval( $level == "HIGH" ) then suppress("of " + $a.provider + " " + $level); end
rule "quiet" extends "base" when Action( payload.level == "LOW" ) then deny(); end
rule "louder" extends "loud" when Action( payload.alerts contains "not an alert" ) then deny(); end
`;

  test("has the conditions of that rule first, and its names; one without a verdict is there for that only", async () => {
    const rules = await ruleSetOf(text);
    expect(rules.size).toBe(3);
    expect(await decide(rules, action)).toMatchObject({
      verdict: "suppress",
      rule: { name: "loud" },
      reason: "of slack HIGH",
    });
    expect(await decide(rules, actionOf({ payload: { level: "LOW" } }))).toMatchObject({ rule: { name: "quiet" } });
    expect(await decide(rules, actionOf({ provider: "mail", payload: { level: "LOW" } }))).toMatchObject({
      verdict: "allow",
    });
  });
});
