import type { Dispatch } from "../dispatch.ts";
import type { Ports, Step } from "../ports.ts";
import { readAll, resume } from "./open.ts";

/** Stage 4: a key that depends on a value read costs one more batch (`design.md` §9, 4). */
export function decide(dispatch: Dispatch, ports: Ports): Step {
  const { round } = dispatch;
  if (round?.kind !== "reads") throw new TypeError("nothing to read");
  readAll(dispatch, ports, round.reads, [], (_, answers) => resume(dispatch, ports, answers));
  return "wait";
}
