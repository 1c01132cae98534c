#!/usr/bin/env node
// JavaScript, and the only file that is: an old Node can say what it lacks, and the compiler that strips types, 80 ms and 18 MB
// in each thread, is not loaded where all that a thread runs comes from the cache. Workers and child processes find the cache by
// the variable.
import module from "node:module";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { setFlagsFromString } from "node:v8";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`acteon needs Node 22.18 or newer, and this is ${process.versions.node}\n`);
  process.exit(2);
}
// Said before anything is compiled. What is in flight when V8 collects looks as if it lived for long, and would be made old
// from then on, with all that hangs on it.
setFlagsFromString("--no-allocation-site-pretenuring");
// Four threads that help to collect take two cores from the one that dispatches: 10 ms longer at p99.
if (availableParallelism() <= 2) setFlagsFromString("--no-concurrent-marking --no-parallel-scavenge");
const { directory } = module.enableCompileCache();
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= dirname(directory);
const { runProgram } = await import("../src/program.ts");
await runProgram(process);
