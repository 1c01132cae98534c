// How V8 collects garbage in processes that dispatch: in this one, which imports it before anything is compiled, and in those
// that it forks (docs/adr/0009-collector.md).
import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";

const flags = [
  // What is in flight when V8 collects looks as if it lived for long; whole call sites would make old objects from then on, and
  // promote what hangs on them.
  "--no-allocation-site-pretenuring",
  // Threads that help with each scavenge wait for each other where there are no cores for them.
  ...(availableParallelism() <= 2 ? ["--no-parallel-scavenge"] : []),
];
for (const flag of flags) setFlagsFromString(flag);
process.execArgv.push(...flags);
