import { describe, expect, test } from "vitest";
import { describeServerFaults, faultLaws } from "./describe-server-faults.ts";
import { tryFaultLaw } from "./fault-law.ts";
import { type RemoteBug, modelRemote } from "./model-remote.ts";

describeServerFaults(modelRemote());

/** T14: which law finds it. A suite that catches nothing proves nothing. */
const finders: Readonly<Record<RemoteBug, string>> = {
  hangs: "L9: a half-open connection is no answer within the time of a call, and never absence",
  "says absent when nobody answers":
    "L9: a half-open connection is no answer within the time of a call, and never absence",
  "sends again after a reset":
    "a connection that is reset after the request leaves the outcome unknown: never a no, and never done twice",
  "takes a reset for a refusal":
    "a connection that is reset after the request leaves the outcome unknown: never a no, and never done twice",
  "keeps a dead connection": "L9: a half-open connection is no answer within the time of a call, and never absence",
  "forgets at restart": "what was acknowledged before the server was killed under load is there when it is back",
  "hangs when disposed": "disposing while calls hang ends them as unanswered, and does not hang itself",
};

describe("planted bugs of a remote backend are found (T14)", () => {
  for (const [bug, title] of Object.entries(finders) as [RemoteBug, string][])
    test.concurrent(bug, { timeout: 40_000 }, async () => {
      const law = faultLaws.find((each) => each.title === title);
      if (law === undefined) throw new TypeError(`no law called ${title}`);
      await expect(tryFaultLaw(law, modelRemote(bug))).rejects.toThrow();
    });
});
