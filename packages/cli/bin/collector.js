// How V8 collects garbage in processes that dispatch: in this one, which imports it before anything is compiled, and in those
// that it forks (docs/adr/0009-collector.md).
import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";

const flags = [
  // What is in flight when V8 collects looks as if it lived for long; whole call sites would make old objects from then on, and
  // promote what hangs on them.
  "--no-allocation-site-pretenuring",
  // Four threads that help to collect take two cores from the one that dispatches: 10 ms longer at p99.
  ...(availableParallelism() <= 2 ? ["--no-concurrent-marking", "--no-parallel-scavenge"] : []),
];
for (const flag of flags) setFlagsFromString(flag);
process.execArgv.push(...flags);
