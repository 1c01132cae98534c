import { expect, test } from "vitest";
import { visible, wantsColour } from "./paint.ts";

test.each<
  readonly [wanted: boolean, mode: "auto" | "always" | "never", environment: Record<string, string>, tty: boolean]
>([
  [true, "auto", {}, true],
  [false, "auto", {}, false],
  [false, "auto", { NO_COLOR: "1" }, true],
  [true, "auto", { NO_COLOR: "" }, true],
  [true, "auto", { FORCE_COLOR: "1" }, false],
  [false, "auto", { FORCE_COLOR: "0" }, true],
  [false, "auto", { NO_COLOR: "1", FORCE_COLOR: "1" }, true],
  [false, "auto", { TERM: "dumb" }, true],
  [false, "auto", { CI: "true" }, true],
  [true, "always", { NO_COLOR: "1" }, false],
  [false, "never", { FORCE_COLOR: "1" }, true],
])("colour: %s with --color %s, %j, terminal %s", (wanted, mode, environment, tty) => {
  expect(wantsColour(mode, environment, tty)).toBe(wanted);
});

test("nothing that is shown can move a cursor or end a line (guarantees §8 row 76)", () => {
  expect(visible("a\u001b[31m\r\nb\u202ec\u2028")).toBe("a␛[31m␍␊b\ufffdc\ufffd");
});
