import type { ProviderType } from "@acteon/provider";

/** Every type of provider, each imported when it is first configured. */
const loaders: Readonly<Record<string, () => Promise<ProviderType>>> = {
  console: async () => (await import("@acteon/provider-console")).consoleProvider,
  log: async () => (await import("@acteon/provider-console")).logProvider,
  webhook: async () => (await import("@acteon/provider-webhook")).webhookProvider,
};

/** Known and not built yet: those of the design document and of `wire-api.md` §28. */
const laterTypes: ReadonlySet<string> = new Set([
  "slack",
  "pagerduty",
  "twilio",
  "sqs",
  "sns",
  "llm",
  "email",
  "teams",
  "discord",
  "opsgenie",
  "victorops",
  "pushover",
  "telegram",
  "wechat",
  "aws-sns",
  "aws-lambda",
  "aws-eventbridge",
  "aws-sqs",
  "aws-s3",
  "aws-ec2",
  "aws-autoscaling",
  "azure-blob",
  "azure-eventhubs",
  "gcp-pubsub",
  "gcp-storage",
  "swarm",
]);

export const providerTypeNames: readonly string[] = Object.keys(loaders);

export type FoundProviderType =
  | { readonly kind: "found"; readonly type: ProviderType }
  | { readonly kind: "later" }
  | { readonly kind: "unknown" };

export async function findProviderType(name: string): Promise<FoundProviderType> {
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  if (load !== undefined) return { kind: "found", type: await load() };
  return { kind: laterTypes.has(name) ? "later" : "unknown" };
}
