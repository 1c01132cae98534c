// V8's helpers, four wherever Node starts, want the cores of the thread that dispatches (docs/adr/0009-collector.md), and how
// many there are is settled at the start: where there are two cores at most, a process that imports this becomes one with a single
// helper, with the same pid, 20 ms later. Where the system has no `execve`, or Node was told to permit none, it stays as it is.
import { availableParallelism } from "node:os";

const isChosen = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].some((text) =>
  /--v8[-_]pool[-_]size/.test(text),
);
const isPermitted = process.permission?.has("child") ?? true;
if (availableParallelism() <= 2 && !isChosen && isPermitted) {
  process.execve?.(process.execPath, [
    process.execPath,
    "--v8-pool-size=1",
    ...process.execArgv,
    ...process.argv.slice(1),
  ]);
}
