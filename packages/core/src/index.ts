export * from "./action.ts";
export * from "./brand.ts";
export * from "./clock.ts";
export * from "./diagnostic.ts";
export * from "./json.ts";
export * from "./outcome.ts";
export * from "./error.ts";
