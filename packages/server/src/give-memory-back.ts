import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Clock } from "@acteon/core";

/** After the start, when what it left behind is garbage and nobody waits yet. */
const delayMs = 1_000;

/**
 * One collection of what a start leaves behind (sources, schemas, parsed configuration): some 12 MB of a server's 110, which
 * V8 would keep until load makes it look. Node has no other way to ask for it than this.
 */
export function giveMemoryBack(clock: Clock): () => void {
  return clock.after(delayMs, () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as (options: object) => void;
    collect({ type: "major", execution: "sync", flavor: "last-resort" });
  });
}
