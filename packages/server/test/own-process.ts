import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What a module prints as JSON that runs in a process of its own, in which nothing was imported before. */
export async function printedAlone(program: string, environment: Readonly<Record<string, string>>): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--disable-warning=ExperimentalWarning", "--eval", program],
    { timeout: 30_000, env: { ...process.env, ...environment } },
  );
  return JSON.parse(stdout);
}
