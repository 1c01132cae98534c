export * from "./gateway-api.ts";
