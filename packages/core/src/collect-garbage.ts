import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Gives back what a thread no longer needs, which V8 would keep until load makes it look. The thread stands still for
 * 20 to 80 ms, so it is for a moment when nobody waits. Node has no other way to ask for it than this.
 */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options: object) => void;
  // Code that V8 compiled under other flags is not taken from the cache.
  setFlagsFromString("--no-expose-gc");
  collect({ type: "major", execution: "sync", flavor: "last-resort" });
}
