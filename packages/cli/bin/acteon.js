#!/usr/bin/env node
// JavaScript, as nothing else is but what it imports: an old Node can say what it lacks, and the compiler that strips types, 80 ms
// and 18 MB in each thread, is not loaded where all that a thread runs comes from the cache. Workers and child processes find the
// cache by the variable.
import module from "node:module";
import { dirname } from "node:path";
import { setFlagsFromString } from "node:v8";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`acteon needs Node 22.18 or newer, and this is ${process.versions.node}\n`);
  process.exit(2);
}
const isServer = ["serve", "dev"].includes(process.argv[2]);
if (isServer) await import("./one-helper.js");
await import("./collector.js");
// What a server does once, at its start, is not worth the optimising compiler, which is 8 MB of an idle server; when it listens,
// `startOrTell` lets it in. This comes before the cache, which keeps apart what was compiled under different flags.
if (isServer) setFlagsFromString("--max-optimized-bytecode-size=0");
const { directory } = module.enableCompileCache();
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= dirname(directory);
const { runProgram } = await import("../src/program.ts");
await runProgram(process);
