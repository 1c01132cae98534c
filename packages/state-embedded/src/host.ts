import { readFileSync, readlinkSync } from "node:fs";

/** What a store must know of the machine it runs on: which boot this is, and which processes still live. */
export interface Host {
  /** Another after each start of the machine; the same in all its processes. `undefined` where it cannot be told. */
  readonly bootId: string | undefined;
  /** `<pid>.<start time>.<pid namespace>` of this process, what cannot be read left out: no other has the same text in one boot. */
  readonly process: string;
  /** Ms since a moment before the first process of this boot, the same moment in all of them. Never steps. */
  sinceBootMs(): number;
  /** True only if that process has certainly ended. */
  hasEnded(process: string): boolean;
}

/**
 * The machine this runs on.
 *
 * The clock is that of `process.hrtime` (CLOCK_MONOTONIC, mach_continuous_time, QueryPerformanceCounter): one for the whole
 * machine. On Linux it stands still while the machine is suspended, and so it should: lock holders count their leases on
 * the same clock (guarantees L4), and a lease that went on while its holder's clock stood still would end before the holder
 * knows. (CLOCK_BOOTTIME would do just that.)
 *
 * Outside Linux there is neither a boot id nor a start time of processes to be read. There a lock from before a restart of
 * the machine is told by a lease that ends later than any could, and a process is told by its number alone: a number that
 * was given again keeps the lock of its former bearer until the lease ends, never longer.
 */
export function thisHost(): Host {
  const ownNamespace = pidNamespace();
  return {
    bootId: readText("/proc/sys/kernel/random/boot_id")?.trim(),
    process: `${process.pid}.${statOf(process.pid)?.startedAt ?? ""}.${ownNamespace}`,
    sinceBootMs: () => Number(process.hrtime.bigint()) / 1e6,
    hasEnded(identity) {
      const [pidText = "", startedAt, namespace] = identity.split(".");
      // A process of another container is not to be seen from here, and that proves nothing.
      if (namespace !== ownNamespace) return false;
      const pid = Number(pidText);
      if (!exists(pid)) return true;
      const stat = statOf(pid);
      // A zombie runs no more; another start time is another process.
      return stat !== undefined && (stat.state === "Z" || stat.state === "X" || stat.startedAt !== startedAt);
    },
  };
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** proc(5): state is the third field of /proc/<pid>/stat, the start time in ticks since boot the 22nd. */
function statOf(pid: number): { readonly state: string; readonly startedAt: string } | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  // The second field, the name of the program, is in brackets and may hold spaces and brackets.
  const [state, ...rest] = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  const startedAt = rest[18];
  return state === undefined || startedAt === undefined ? undefined : { state, startedAt };
}

function pidNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid").replaceAll(/\D/g, "");
  } catch {
    return "";
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
