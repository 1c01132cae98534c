#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Everything but this file is compiled once and kept: a start costs a third of what it would.
enableCompileCache();
const { runProgram } = await import("./program.ts");
await runProgram(process);
