import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { maxOptimizedBytecodeSize } from "./start-or-tell.ts";

const run = promisify(execFile);

/** Works hard before and after a start, as `bin/acteon.js` leads to it. */
const program = `
import { setFlagsFromString } from "node:v8";
setFlagsFromString("--max-optimized-bytecode-size=0");
const { startOrTell } = await import(process.env.START);
const work = () => {
  let sum = 0;
  for (let i = 0; i < 3_000_000; i++) sum += i % 7;
  return sum;
};
for (let i = 0; i < 20; i++) work();
await startOrTell(() => process.env.FAILS ? Promise.reject(new Error("no")) : Promise.resolve(), {
  output: { noteError: () => undefined, noteFrames: () => undefined },
});
console.log("started");
for (let i = 0; i < 20; i++) work();
await new Promise((resolve) => setTimeout(resolve, 200));
for (let i = 0; i < 20; i++) work();
`;

test.each([
  ["a start", ""],
  ["a start that fails", "1"],
])("V8 optimises nothing before %s, and as ever after it", async (_, FAILS) => {
  const START = new URL("./start-or-tell.ts", import.meta.url).href;
  const flags = ["--trace-opt", "--input-type=module", "--disable-warning=ExperimentalWarning", "--eval", program];
  const { stdout } = await run(process.execPath, flags, { env: { ...process.env, START, FAILS }, timeout: 60_000 });
  const [before = "", after = ""] = stdout.split("\nstarted\n");
  expect(before).toContain("MAGLEV"); // the trace says what it always said
  expect(before).not.toMatch(/compiling.*TURBOFAN/);
  expect(after).toMatch(/compiling.*TURBOFAN/);
});

test("the bound that a start leaves behind is V8's own", async () => {
  const { stdout } = await run(process.execPath, ["--v8-options"], { maxBuffer: 10 * 1_024 * 1_024 });
  expect(/default: --max-optimized-bytecode-size=(\d+)/.exec(stdout)?.[1]).toBe(String(maxOptimizedBytecodeSize));
});
