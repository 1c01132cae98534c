import type { JsonObject } from "@acteon/core";
import { Findings } from "@acteon/rules";

/** The file of rules at hand: what is wrong in it, and what `data.…` is in its CEL. */
export class YamlSource extends Findings {
  readonly data: JsonObject;

  constructor(file: string, text: string, data: JsonObject) {
    super(file, text);
    this.data = data;
  }
}
