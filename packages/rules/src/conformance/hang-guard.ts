/** 50 ms is what it takes at most on a machine of its own. What hangs takes seconds, and a busy machine several times as long. */
export const atOnceMs = 250;

/** The least of some runs, in ms of this thread: the machine has other work. */
export function fastestOf(runs: number, work: () => unknown): number {
  const times = Array.from({ length: runs }, () => {
    const start = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(start);
    return (user + system) / 1_000;
  });
  return Math.min(...times);
}
