import type { TableDescription } from "@aws-sdk/client-dynamodb";
import type { BackendFinding } from "@acteon/state";

/** What the promise of the class `strong` rests on (guarantees §4). @param endpoint `undefined`: AWS. */
export function durabilityOf(table: TableDescription | undefined, endpoint: string | undefined): BackendFinding {
  const { Replicas = [] } = table ?? {};
  if (Replicas.length > 0)
    return {
      level: "warning",
      subject: "durability",
      found: `the table is global, with ${Replicas.length} replicas: a condition holds within one region, and two regions may both hold a lock`,
      help: "let all gateways use one region of it",
    };
  if (endpoint !== undefined && !/\.amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname))
    return {
      level: "warning",
      subject: "durability",
      found: "the endpoint is not one of AWS: what is promised is what that server keeps",
      help: "leave `state.url` out for AWS",
    };
  return { level: "ok", subject: "durability", found: "strong: what is acknowledged outlives a node and a zone" };
}
