import type { Migrated } from "@acteon/server";
import { migrateStores } from "@acteon/server";
import type { Run } from "../command.ts";
import { visible } from "../paint.ts";
import { loadConfiguration } from "../offline/load-configuration.ts";

export const run: Run = async ({ clock, environment, options, output }) => {
  const { config } = await loadConfiguration({ file: options.text("config"), environment, insecureNoAuth: true });
  const steps = output.list<Extract<Migrated, { kind: "step" }>>(
    ({ part, backend, step }) => ({ part, backend, step }),
    ({ part, backend, step }) => `${part} (${backend}): ${visible(step)}`,
  );
  try {
    const limitMs = options.integer("timeout", { min: 1, max: 86_400, fallback: 600 }) * 1_000;
    for await (const news of migrateStores(config, { clock, limitMs })) {
      if (news.kind === "step") steps.add(news);
      else if (news.steps === 0) output.note(`${news.part} (${news.backend}): nothing is to be done`);
    }
  } finally {
    // What was done is told, also where the next step failed.
    steps.end();
  }
  return 0;
};
