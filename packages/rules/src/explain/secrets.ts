import { isJsonArray, isJsonObject } from "@acteon/core";
import type { Action, JsonValue } from "@acteon/core";
import type { RuleEnvironment } from "../decision.ts";

/** Names of fields whose values are nobody's business. */
const secretName = /pass(word|wd|phrase)|secret|token|api_?key|authorization|credential|private_?key|cookie|signature/i;

export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/**
 * What an action and the variables hold under the name of a secret. A rule may give such a value another name, so that what
 * is shown is looked at itself, too.
 */
export class Secrets {
  readonly #texts = new Set<string>();

  constructor({ payload, metadata }: Action, { variables }: RuleEnvironment) {
    for (const fields of [payload, metadata, variables]) this.#gather(fields, false);
  }

  #gather(json: JsonValue, isSecret: boolean): void {
    if (isJsonArray(json)) for (const item of json) this.#gather(item, isSecret);
    else if (isJsonObject(json)) {
      for (const [key, value] of Object.entries(json)) this.#gather(value, isSecret || isSecretName(key));
    } else if (isSecret && json !== null && json !== "") this.#texts.add(textOf(json));
  }

  /** Is it one of them, or, as a text, does it have one in it? */
  isIn(json: string | number | boolean): boolean {
    if (this.#texts.size === 0) return false;
    const text = String(json);
    if (this.#texts.has(text)) return true;
    return [...this.#texts].some((secret) => secret.length >= minHiddenLength && text.includes(secret));
  }
}

/** A shorter one is in too many texts by chance. */
const minHiddenLength = 4;

function textOf(json: JsonValue): string {
  return typeof json === "string" ? json : JSON.stringify(json);
}
