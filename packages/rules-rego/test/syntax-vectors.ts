import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** What the reading of a case of OPA's compliance suite needs, as the vectors beside the project have it. */
export interface RegoCase {
  readonly id: string;
  readonly modules?: readonly string[];
  readonly input_term?: string;
}

const place = path.resolve(import.meta.dirname, "../../../../shared/conformance/rego-opa-v1.json");

/** `undefined`: the vectors are not there; they are no part of the project. */
export const cases: readonly RegoCase[] | undefined = existsSync(place)
  ? (JSON.parse(readFileSync(place, "utf8")) as readonly RegoCase[])
  : undefined;
