export { webhookProvider } from "./webhook-provider.ts";
