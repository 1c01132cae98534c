export { startDynamoDb } from "./dynamodb-server.ts";
export { FaultProxy } from "./fault-proxy.ts";
export { findProgram } from "./find-program.ts";
export { freePort, freePorts } from "./free-port.ts";
export { serverOrSkip } from "./server-or-skip.ts";
export { ServerProcess } from "./server-process.ts";
export type { ServerCommand } from "./server-process.ts";
