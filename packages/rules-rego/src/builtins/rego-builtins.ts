import type { Builtin } from "@acteon/rules";
import { arithmeticFunctions } from "./arithmetic-functions.ts";
import { awsFunctions } from "./aws-functions.ts";
import { collectionFunctions } from "./collection-functions.ts";
import { cryptoFunctions } from "./crypto-functions.ts";
import { encodingFunctions } from "./encoding-functions.ts";
import { globFunctions } from "./glob-functions.ts";
import { graphFunctions } from "./graph-functions.ts";
import { jsonFunctions } from "./json-functions.ts";
import { jsonPatchFunctions } from "./json-patch-functions.ts";
import { jsonSelectionFunctions } from "./json-selection-functions.ts";
import { jwtFunctions } from "./jwt-functions.ts";
import { netFunctions } from "./net-functions.ts";
import { objectFunctions } from "./object-functions.ts";
import { regexFunctions } from "./regex-functions.ts";
import type { RegoSignature } from "./rego-function.ts";
import { schemaFunctions } from "./schema-functions.ts";
import { semverFunctions } from "./semver-functions.ts";
import { stringFunctions } from "./string-functions.ts";
import { timeFunctions } from "./time-functions.ts";
import { typeFunctions } from "./type-functions.ts";
import { unitFunctions } from "./unit-functions.ts";
import { uriFunctions } from "./uri-functions.ts";
import { uuidFunctions } from "./uuid-functions.ts";
import { yamlFunctions } from "./yaml-functions.ts";

const functions = [
  ...arithmeticFunctions,
  ...awsFunctions,
  ...collectionFunctions,
  ...cryptoFunctions,
  ...encodingFunctions,
  ...globFunctions,
  ...graphFunctions,
  ...jsonFunctions,
  ...jsonPatchFunctions,
  ...jsonSelectionFunctions,
  ...jwtFunctions,
  ...netFunctions,
  ...objectFunctions,
  ...regexFunctions,
  ...schemaFunctions,
  ...semverFunctions,
  ...stringFunctions,
  ...timeFunctions,
  ...typeFunctions,
  ...unitFunctions,
  ...uriFunctions,
  ...uuidFunctions,
  ...yamlFunctions,
];

/** The functions that Rego alone has. */
export const regoBuiltins: readonly Builtin[] = functions.flatMap(({ own }) => own ?? []);

/** The functions of Rego by the names that policies call them by; an operator by the name that OPA gives it. */
export const regoFunctions: ReadonlyMap<string, RegoSignature> = new Map(
  functions.map(({ name, signature }) => [name, signature]),
);
