import { defineRule } from "@acteon/rules-native";
import type { RuleContextEnvironment } from "@acteon/rules-native";

// Rules in TypeScript: a function where the logic is hard to say in a rule language, a builder where it is not (the files
// beside this one). Give them to the engine beside the directory of rule files.

/** A provider that has become slow is left alone while there is a faster one. */
export const smartReroute = defineRule({
  name: "smart-reroute",
  priority: 50,
  evaluate: async (ctx) => {
    const { latencyP99Ms = 0 } = await ctx.env.healthCheck(ctx.action.provider);
    if (latencyP99Ms <= 5_000) return undefined;
    const backup = await findBestBackup(ctx.action.provider, ctx.env);
    return backup === undefined ? undefined : { kind: "reroute", to: backup };
  },
});

async function findBestBackup(provider: string, env: RuleContextEnvironment): Promise<string | undefined> {
  for (const name of [`${provider}-backup`, "console"]) {
    const { circuitOpen: isOpen } = await env.healthCheck(name);
    if (!isOpen) return name;
  }
  return undefined;
}
