import type { Extent, PlacedFinding } from "@acteon/rules";

/** What other languages write, and how Rego says it. */
const help: ReadonlyMap<string, string> = new Map([
  ["&&", "conditions that must all hold stand on lines of their own, or with `;` between them"],
  ["and", "conditions that must all hold stand on lines of their own, or with `;` between them"],
  ["||", "for `or` write a rule of the same name for each case"],
  ["or", "for `or` write a rule of the same name for each case"],
  ["!", "`not` negates a condition: `not input.admin`"],
  ["=>", "a rule is written `name if { … }`, a value is given with `:=`"],
  ["->", "a rule is written `name if { … }`, a value is given with `:=`"],
  ["===", "equality is written `==`"],
  ["!==", "inequality is written `!=`"],
  ["<>", "inequality is written `!=`"],
  [":", "a value is given with `:=`"],
  ["?", "there is no `? :`: write a rule with `else`, or one for each case"],
  ["then", "what a rule is stands in front of its `if`: `name := value if { … }`"],
  ["return", "what a rule is stands in its head: `name := value if { … }`"],
  ["for", "`some x in xs` looks at each, `every x in xs { … }` asks of all"],
  ["foreach", "`some x in xs` looks at each, `every x in xs { … }` asks of all"],
  ["contains", "membership is asked with `x in xs`; `contains` stands in the head of a rule only"],
  ["function", "a function is written `name(x) := value if { … }`"],
  ["func", "a function is written `name(x) := value if { … }`"],
  ["def", "a function is written `name(x) := value if { … }`"],
  ["let", "a variable is given its value with `x := …`"],
  ["var", "a variable is given its value with `x := …`"],
  ["const", "a variable is given its value with `x := …`"],
  ["rule", "a rule is written `name if { … }`"],
]);

/** How Rego says what another language writes so. */
export function helpFor(text: string): string | undefined {
  return help.get(text);
}

export function strayCharacter(text: string, at: Extent): PlacedFinding {
  const found = text.slice(at.start, at.end);
  const advice = helpFor(found);
  return {
    code: "ACT-R001",
    at,
    summary: `\`${found}\` means nothing in Rego`,
    ...(advice !== undefined && { help: advice }),
  };
}
