import { describe, expect, test } from "vitest";
import { isSettingFault, isUnknownScript, unavailable, wasNotCarriedOut } from "./redis-errors.ts";

describe("a refusal", () => {
  test.each([
    ["MOVED 3999 127.0.0.1:6381", true],
    ["TRYAGAIN Multiple keys request during rehashing of slot", true],
    ["CLUSTERDOWN The cluster is down", true],
    ["LOADING Redis is loading the dataset in memory", true],
    ["READONLY You can't write against a read only replica. script: 1f, on @user_script:278.", true],
    ["Too many Cluster redirections. Last error: ReplyError: TRYAGAIN Multiple keys", true],
    ["ERR Script attempted to access a non local key in a cluster node script: 1f", true],
    ["Stream isn't writeable and enableOfflineQueue options is false", true],
    ["Connection is closed.", false],
    ["Socket timeout. Expecting data, but didn't receive any in 1000ms.", false],
    ["OOM command not allowed when used memory > 'maxmemory'.", false],
    ["ERR user_script:42: attempt to index a nil value", false],
  ])("%s may be sent again: %s", (message, again) => {
    expect(wasNotCarriedOut(new Error(message))).toBe(again);
  });

  test.each([
    ["OOM command not allowed when used memory > 'maxmemory'. script: 1f", /memory is full, and nothing was written/],
    ["MISCONF Errors writing to the AOF file: No space left on device", /cannot write to its disk/],
    ["NOPERM this user has no permissions to run the 'mget' command", /may not do that: ACL SETUSER/],
    ["Too many Cluster redirections. Last error: ReplyError: CLUSTERDOWN Hash slot not served", /slots .* no master/],
    ["failed to connect to sentinel a:1 because NOAUTH Authentication required.", /asks for a password/],
    ["connected to sentinel a:1 successfully, but got an invalid reply: null", /know no master of that name/],
    ["Connection is closed.", /no answer \(Connection is closed\.\): see that it runs/],
    [
      'Reached the max retries per request limit (which is 0). Refer to "maxRetriesPerRequest" option for details.',
      /no answer \(the connection was lost\)/,
    ],
    ["Socket timeout. Expecting data, but didn't receive any in 1000ms.", /no answer \(nothing came back/],
  ])("%s says what to do", (message, says) => {
    const error = unavailable("Redis at a:1", new Error(message));
    expect(error.message).toMatch(says);
    expect(error.message).toMatch(/^Redis at a:1: /);
    expect(unavailable("Redis at a:1", error)).toBe(error);
  });

  test("of a node is seen in what the client of the cluster makes of it", () => {
    const wrapped = Object.assign(new Error("Failed to refresh slots cache."), {
      lastNodeError: new Error("WRONGPASS invalid username-password pair"),
    });
    expect(isSettingFault(wrapped)).toBe(true);
  });

  test("of a script that the server does not know is told apart", () => {
    expect(isUnknownScript(new Error("NOSCRIPT No matching script. Please use EVAL."))).toBe(true);
  });
});
