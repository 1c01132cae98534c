import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { freePorts } from "./free-port.ts";

/** So many that by luck alone some would be the same. */
const count = 300;

test("of the ports that several processes hold at the same time no two are the same, and none is one that connections get", async () => {
  const ports = [...(await freePorts(count)), ...(await Promise.all([1, 2, 3].map(portsOfAnother))).flat()];
  expect(new Set(ports).size).toBe(4 * count);
  expect(ports.filter((port) => port >= 32_768)).toEqual([]);
});

/** It lives until the test is over. */
async function portsOfAnother(): Promise<readonly number[]> {
  const script = `
    import { freePorts } from "${new URL("free-port.ts", import.meta.url).href}";
    process.on("message", () => {}); // keeps it alive
    process.send(await freePorts(${count}));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  onTestFinished(() => void child.kill());
  const [ports] = (await once(child, "message")) as [readonly number[]];
  return ports;
}
