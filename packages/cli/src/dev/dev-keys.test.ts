import { expect, test } from "vitest";
import { keysOf } from "./dev-keys.ts";

test.each<readonly [bytes: string, keys: readonly string[]]>([
  ["d", ["d"]],
  ["jjk", ["j", "j", "k"]],
  ["\u001b[A\u001b[B", ["up", "down"]],
  ["\u001b", ["escape"]],
  ["/db\r", ["/", "d", "b", "enter"]],
  ["\u007f", ["backspace"]],
  ["\u0003", ["q"]],
  ["\u0001", []],
])("%j is %j", (bytes, keys) => {
  expect(keysOf(bytes)).toEqual(keys);
});
