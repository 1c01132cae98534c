import { dynamoDbLocal } from "./dynamodb-download.ts";
import { findProgram } from "./find-program.ts";
import { freePort } from "./free-port.ts";
import { ServerProcess } from "./server-process.ts";

/**
 * Amazon's DynamoDB Local. It takes any credentials, keeps those of each key and region apart, and never throttles.
 * @param options.dataFolder Its tables are kept there and outlive a kill; in memory unless said.
 * @returns `undefined` where it, or Java, cannot be had.
 */
export async function startDynamoDb({ dataFolder }: { readonly dataFolder?: string } = {}): Promise<
  ServerProcess | undefined
> {
  const program = findProgram({ name: "java", debian: ["default-jre-headless"] });
  const folder = program === undefined ? undefined : dynamoDbLocal();
  if (program === undefined || folder === undefined) return undefined;
  const port = await freePort();
  const storage = dataFolder === undefined ? ["-inMemory"] : ["-dbPath", dataFolder];
  return ServerProcess.start({
    name: "DynamoDB Local",
    program,
    args: [...javaOptions, "-jar", "DynamoDBLocal.jar", "-disableTelemetry", "-port", String(port), ...storage],
    cwd: folder,
    port,
  });
}

/** It serves tests of this machine: to start soon and take little counts for more than the last bit of speed. */
const javaOptions = [
  "-XX:+UseSerialGC",
  "-XX:TieredStopAtLevel=1",
  "-Xmx512m",
  "-Djava.library.path=./DynamoDBLocal_lib",
];
