// How V8 collects garbage in a process that dispatches. Imported before anything is compiled.
import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";

// What is in flight when V8 collects looks as if it lived for long; whole call sites would make old objects from then on, and
// promote what hangs on them.
setFlagsFromString("--no-allocation-site-pretenuring");
// Four threads that help to collect take two cores from the one that dispatches: 10 ms longer at p99.
if (availableParallelism() <= 2) setFlagsFromString("--no-concurrent-marking --no-parallel-scavenge");
