export * from "./executor-api.ts";
