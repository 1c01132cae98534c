export { failpoints } from "./failpoint.ts";
export type { Failpoint } from "./failpoint.ts";
export type {
  DeadLetter,
  DeadLetters,
  DispatchOptions,
  DispatchResult,
  Gateway,
  GatewayHealth,
  GatewayMetrics,
} from "./gateway-api.ts";
export { openGateway } from "./gateway.ts";
export type { GatewayParts, RuleSource } from "./gateway.ts";
export type { HandlerVerdict, VerdictHandler } from "./ports.ts";
export { defaultSettings } from "./settings.ts";
export type { GatewaySettings } from "./settings.ts";
export { Acteon, assembleGateway, GatewayBuilder } from "./gateway-builder.ts";
export type { GatewayOptions } from "./gateway-builder.ts";
