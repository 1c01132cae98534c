import type { GroupResult } from "@acteon/state";
import { claimGroup } from "../claim.ts";
import type { Dispatch } from "../dispatch.ts";
import type { Ports, Step } from "../ports.ts";
import { recordWritten } from "./open.ts";
import { refused } from "./refused.ts";
import { silence } from "./silence.ts";

/** Stage 5: the claim of an execution whose verdict needed values; L is held already (`design.md` §9, 5). */
export function settle(dispatch: Dispatch, ports: Ports): Step {
  const group = claimGroup(dispatch, ports, false);
  if (group.length === 0) return "execute";
  ports.queue.push(group, dispatch, settled);
  return "wait";
}

function settled(dispatch: Dispatch, result: GroupResult | undefined): void {
  const { ports } = dispatch;
  if (result === undefined) return ports.advance(dispatch, silence(dispatch, ports));
  if (result.kind === "refused")
    return ports.advance(dispatch, refused(dispatch, ports, result.at, result.found, false));
  recordWritten(dispatch, ports, result.results);
  ports.advance(dispatch, "execute");
}
