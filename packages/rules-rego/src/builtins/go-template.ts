import { valueAt } from "@acteon/rules";
import type { Value } from "@acteon/rules";
import { templateFunctions } from "./go-template-functions.ts";
import { parseTemplate } from "./go-template-parser.ts";
import type { Block, Operand, Pipeline, Template, TemplateNode } from "./go-template-parser.ts";
import { fromData, isListValue, isMapValue, isTrue, printed, sortedEntries } from "./go-template-values.ts";
import type { TemplateValue } from "./go-template-values.ts";
import type { RegoObject } from "./rego-function.ts";
import { TextBuilder } from "./text-builder.ts";

/** Why there is no text. */
export type TemplateFault = "noTemplate" | "failed" | "tooMuch";

/** Most nodes that are run, and templates within each other. */
const maxSteps = 100_000;
const maxDepth = 100;

/** Go's `text/template`, as OPA runs it: a key that is missing is an error. */
export function renderTemplate(template: string, data: RegoObject): { readonly text: string } | TemplateFault {
  const parsed = parseTemplate(template);
  if (parsed === undefined) return "noTemplate";
  const run = new TemplateRun(parsed, data);
  try {
    run.block(parsed.body, data);
  } catch (error) {
    if (error instanceof Stopped) return error.fault;
    throw error;
  }
  const text = run.text();
  return text === undefined ? "tooMuch" : { text };
}

/** Ends a run; never leaves this file. */
class Stopped extends Error {
  readonly fault: TemplateFault;
  constructor(fault: TemplateFault) {
    super(fault);
    this.fault = fault;
  }
}

/** What comes after a node. */
type Flow = "next" | "break" | "continue";

class TemplateRun {
  readonly #template: Template;
  readonly #out = new TextBuilder();
  /** Innermost last; those of a block are forgotten at its end. */
  #variables: { readonly name: string; value: TemplateValue }[];
  #steps = maxSteps;
  #depth = 0;

  constructor(template: Template, data: RegoObject) {
    this.#template = template;
    this.#variables = [{ name: "$", value: data }];
  }

  text(): string | undefined {
    return this.#out.finish();
  }

  block(block: Block, dot: TemplateValue): Flow {
    for (const node of block) {
      if (--this.#steps < 0 || this.#out.isFull) throw new Stopped("tooMuch");
      const flow = this.#node(node, dot);
      if (flow !== "next") return flow;
    }
    return "next";
  }

  #node(node: TemplateNode, dot: TemplateValue): Flow {
    switch (node.kind) {
      case "text":
        this.#out.write(node.text);
        return "next";
      case "action":
        return this.#print(node.pipeline, dot);
      case "if":
      case "with":
        return this.#scoped(() => {
          const value = this.#pipeline(node.pipeline, dot);
          if (!isTrue(value)) return this.block(node.otherwise, dot);
          return this.block(node.body, node.kind === "with" ? value : dot);
        });
      case "range":
        return this.#scoped(() => this.#range(node, dot));
      case "template":
        return this.#call(node.name, node.pipeline, dot);
      case "break":
      case "continue":
        return node.kind;
    }
  }

  #print(pipeline: Pipeline, dot: TemplateValue): Flow {
    const value = this.#pipeline(pipeline, dot);
    if (pipeline.variables.length > 0) return "next";
    const text = value === null ? "<no value>" : printed(value);
    if (text === undefined) throw new Stopped("tooMuch");
    this.#out.write(text);
    return "next";
  }

  #scoped(run: () => Flow): Flow {
    const { length } = this.#variables;
    const flow = run();
    this.#variables.length = length;
    return flow;
  }

  #range(
    { pipeline, body, otherwise }: Extract<TemplateNode, { readonly pipeline: Pipeline; readonly body: Block }>,
    dot: TemplateValue,
  ): Flow {
    const whole = this.#commands(pipeline, dot);
    const entries = entriesIn(whole);
    if (entries === undefined) throw new Stopped("failed");
    let isEmpty = true;
    for (const [key, value] of entries) {
      isEmpty = false;
      const flow = this.#scoped(() => {
        const [first, second] = pipeline.variables;
        if (first !== undefined) this.#bind(first, second === undefined ? value : key, pipeline.isAssignment);
        if (second !== undefined) this.#bind(second, value, pipeline.isAssignment);
        return this.block(body, value);
      });
      if (--this.#steps < 0) throw new Stopped("tooMuch");
      if (flow === "break") break;
    }
    return isEmpty ? this.block(otherwise, dot) : "next";
  }

  /** A template sees what it is given, and no variables. */
  #call(name: string, pipeline: Pipeline | undefined, dot: TemplateValue): Flow {
    const definition = this.#template.definitions.get(name);
    if (definition === undefined) throw new Stopped("failed");
    if (++this.#depth > maxDepth) throw new Stopped("tooMuch");
    const given = pipeline === undefined ? null : this.#pipeline(pipeline, dot);
    const variables = this.#variables;
    this.#variables = [{ name: "$", value: given }];
    this.block(definition, given);
    this.#variables = variables;
    this.#depth--;
    return "next";
  }

  #bind(name: string, value: TemplateValue, isAssignment: boolean): void {
    if (!isAssignment) {
      this.#variables.push({ name, value });
      return;
    }
    const variable = this.#variables.findLast((each) => each.name === name);
    if (variable === undefined) throw new Stopped("failed");
    variable.value = value;
  }

  #pipeline(pipeline: Pipeline, dot: TemplateValue): TemplateValue {
    const value = this.#commands(pipeline, dot);
    for (const name of pipeline.variables) this.#bind(name, value, pipeline.isAssignment);
    return value;
  }

  /** Each hands its value to the next, as its last argument. */
  #commands({ commands }: Pipeline, dot: TemplateValue): TemplateValue {
    let value: TemplateValue | undefined;
    for (const command of commands) value = this.#command(command, dot, value);
    return value ?? null;
  }

  #command(operands: readonly Operand[], dot: TemplateValue, handed: TemplateValue | undefined): TemplateValue {
    const [first, ...others] = operands;
    if (first?.kind !== "function") {
      const isNil = first?.kind === "literal" && first.value === null;
      if (first === undefined || isNil || others.length > 0 || handed !== undefined) throw new Stopped("failed");
      return this.#operand(first, dot);
    }
    if (first.name === "and" || first.name === "or") return this.#logic(first.name === "or", others, dot, handed);
    const args = others.map((operand) => this.#operand(operand, dot));
    const result = templateFunctions.get(first.name)?.(...args, ...(handed === undefined ? [] : [handed]));
    if (result === undefined) throw new Stopped("failed");
    return result;
  }

  /** The first that decides it, else the last; those after it are not looked at. */
  #logic(
    decides: boolean,
    operands: readonly Operand[],
    dot: TemplateValue,
    handed: TemplateValue | undefined,
  ): TemplateValue {
    let value: TemplateValue | undefined;
    for (const operand of operands) {
      value = this.#operand(operand, dot);
      if (isTrue(value) === decides) return value;
    }
    const last = handed ?? value;
    if (last === undefined) throw new Stopped("failed");
    return last;
  }

  #operand(operand: Operand, dot: TemplateValue): TemplateValue {
    if (operand.kind === "literal") return operand.value;
    if (operand.kind === "function") return this.#command([operand], dot, undefined);
    return operand.fields.reduce(fieldOf, this.#head(operand.head, dot));
  }

  #head(head: Extract<Operand, { readonly kind: "value" }>["head"], dot: TemplateValue): TemplateValue {
    if (head === "dot") return dot;
    if ("commands" in head) return this.#pipeline(head, dot);
    const variable = this.#variables.findLast(({ name }) => name === head.variable);
    if (variable === undefined) throw new Stopped("failed");
    return variable.value;
  }
}

function fieldOf(value: TemplateValue, name: string): TemplateValue {
  const field: Value | undefined = isMapValue(value) ? valueAt(value, name) : undefined;
  if (field === undefined) throw new Stopped("failed");
  return fromData(field);
}

/** An int counts from zero; `undefined`: there is no going through it. */
function entriesIn(value: TemplateValue): Iterable<readonly [key: TemplateValue, value: TemplateValue]> | undefined {
  if (value === null) return [];
  if (typeof value === "bigint") return countedTo(value);
  if (isListValue(value)) return value.map((item, i) => [BigInt(i), fromData(item)] as const);
  if (!isMapValue(value)) return undefined;
  return sortedEntries(value).map(([key, item]) => [fromData(key), fromData(item)] as const);
}

function* countedTo(count: bigint): Generator<readonly [bigint, bigint]> {
  for (let i = 0n; i < count; i++) yield [i, i];
}
