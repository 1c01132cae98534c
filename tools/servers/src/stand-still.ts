import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { setTimeout as slept } from "node:timers/promises";

/**
 * Stops a process with SIGSTOP; resolves once it stands still. The signal only asks: each thread goes on until it is next
 * scheduled, and on a busy machine that is long enough for it to answer requests which were sent after the signal.
 * A process that has ended stands still too. `SIGCONT` lets it go on.
 */
export async function standStill({ pid }: { readonly pid?: number | undefined }): Promise<void> {
  if (pid === undefined) throw new TypeError("the process was never started");
  signalTo(pid, "SIGSTOP");
  while (statesOf(pid).some((state) => !still.has(state))) await slept(1);
}

/** To a process that may have ended meanwhile. */
export function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Stopped, or ended: as `ps` and proc(5) call it. */
const still = new Set(["T", "Z", "X"]);

/** Of each thread, where the system tells them; of the process elsewhere. */
function statesOf(pid: number): readonly string[] {
  if (existsSync("/proc/self/task")) return threadsOf(pid).flatMap((path) => stateIn(path));
  try {
    return [
      execFileSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" })
        .trim()
        .charAt(0),
    ];
  } catch {
    return []; // there is no such process
  }
}

function threadsOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/task`;
  try {
    return readdirSync(folder).map((thread) => `${folder}/${thread}/stat`);
  } catch {
    return [];
  }
}

/** Behind the name, which stands in brackets and may hold brackets itself. */
function stateIn(path: string): readonly string[] {
  try {
    const line = readFileSync(path, "latin1");
    return [line.charAt(line.lastIndexOf(")") + 2)];
  } catch {
    return []; // the thread has ended
  }
}
