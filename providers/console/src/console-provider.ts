import type { Action } from "@acteon/core";
import { defineProvider } from "@acteon/provider";
import type { ProviderBehaviour, ProviderPorts, ProviderResult } from "@acteon/provider";
import { z } from "zod";

/** Prints a line for each action, and answers at once: the provider of the first minute. */
export const consoleProvider = defineProvider({
  type: "console",
  config: z.strictObject({ output: z.boolean().default(true) }),
  create: ({ output }, ports) => logger(ports, output),
});

/** The same without output, under the name that existing configurations use (`wire-api.md` §5.5). */
export const logProvider = defineProvider({
  type: "log",
  config: z.strictObject({}),
  create: (_config, ports) => logger(ports, false),
});

function logger({ name, print }: ProviderPorts, output: boolean): ProviderBehaviour {
  const result: ProviderResult = {
    kind: "answered",
    response: { status: "success", body: { provider: name, logged: true }, headers: {} },
  };
  return {
    execute: output
      ? (action) => {
          print(actionLine(name, action));
          return result;
        }
      : () => result,
  };
}

/** One line, whatever the action holds. */
function actionLine(name: string, action: Action): string {
  const scope = action.tenant === undefined ? action.namespace : `${action.namespace}/${action.tenant}`;
  const payload = JSON.stringify(action.payload);
  const shown = payload.length > maxShownLength ? `${payload.slice(0, maxShownLength)}…` : payload;
  return visible(`${name}  ${scope}  ${action.actionType}  ${action.id}  ${shown}`);
}

const maxShownLength = 500;

/** Whatever could move a terminal's cursor, change its colours or end the line, as an escape of JSON. */
function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
