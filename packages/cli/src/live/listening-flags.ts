import type { Flags } from "@acteon/server";
import type { Options } from "../options.ts";

/** What `--host` and `--port` set of the configuration. */
export function listeningFlags(options: Options): Flags {
  const flags = new Map<string, { readonly flag: string; readonly text: string }>();
  for (const name of ["host", "port"]) {
    const text = options.text(name);
    if (text !== undefined) flags.set(`server.${name}`, { flag: `--${name}`, text });
  }
  return flags;
}
