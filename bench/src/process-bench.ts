import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Round } from "./figure.ts";
import { encodePosts, LoadConnection } from "./load-client.ts";
import { ServerProcess } from "./server-process.ts";

const main = resolve(import.meta.dirname, "../../packages/cli/bin/acteon.js");
const [dispatch] = encodePosts("/v1/dispatch", [
  '{"id":"first","namespace":"prod","tenant":"acme","provider":"console","action_type":"alert","payload":{}}',
]) as [Buffer];

/** A server that has answered once and then stood idle for three seconds: MB resident. */
export async function idleMemoryRound(): Promise<Round> {
  return inDirectory(async (directory) => {
    await using server = await ServerProcess.acteon(directory, { sync: false });
    const connection = await LoadConnection.open(server.port);
    await connection.send(dispatch);
    connection.close();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    return { value: server.residentMegabytes() };
  });
}

/** From the start of the process to its first answer to an action: ms. */
export async function firstAnswerRound(): Promise<Round> {
  return inDirectory(async (directory) => {
    const started = performance.now();
    await using server = await ServerProcess.acteon(directory, { sync: false });
    const connection = await LoadConnection.open(server.port);
    await connection.send(dispatch);
    const value = performance.now() - started;
    connection.close();
    return { value };
  });
}

/** `acteon --help`: ms. */
export function helpRound(): Promise<Round> {
  const started = performance.now();
  const { status, stdout } = spawnSync(process.execPath, [main, "--help"], { encoding: "utf8" });
  if (status !== 0 || !stdout.includes("dispatch")) throw new Error(`acteon --help ended with ${status}`);
  return Promise.resolve({ value: performance.now() - started });
}

async function inDirectory(use: (directory: string) => Promise<Round>): Promise<Round> {
  const directory = await mkdtemp(join(tmpdir(), "acteon-bench-"));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
