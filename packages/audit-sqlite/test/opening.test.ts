import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

test("a new file that three processes open at the same time is one trail to all of them", async () => {
  const directory = mkdtempSync(join(tmpdir(), "acteon-audit-"));
  const processes = [1, 2, 3].map(() => fork(new URL("./opening-process.ts", import.meta.url)));
  onTestFinished(() => {
    for (const each of processes) each.kill();
    rmSync(directory, { recursive: true });
  });
  for (let round = 0; round < 30; round++) {
    const path = join(directory, `${round}.db`);
    const answers = await Promise.all(processes.map((each) => opened(each, path)));
    expect(answers).toEqual(["opened", "opened", "opened"]);
  }
});

async function opened(child: ChildProcess, path: string): Promise<unknown> {
  child.send(path);
  const [answer] = (await once(child, "message")) as [unknown];
  return answer;
}
