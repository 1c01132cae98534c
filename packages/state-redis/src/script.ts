import { createHash } from "node:crypto";

export interface Script {
  readonly source: string;
  /** By which a server that knows it is told to run it. */
  readonly sha: string;
}

export function createScript(source: string): Script {
  return { source, sha: createHash("sha1").update(source).digest("hex") };
}
