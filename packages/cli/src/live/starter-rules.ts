import { cp, stat } from "node:fs/promises";

/** The rules that a first start has, in the workspace. */
const starterRules = new URL("../../../../rules/starter/", import.meta.url);

/** The folder of rules to begin with: the starter's, else `./rules`, which is made and filled where there is none. */
export async function startingRules(): Promise<{ readonly folder: string; readonly made: boolean }> {
  for (const folder of ["rules/starter", "rules"]) if (await isThere(folder)) return { folder, made: false };
  await cp(starterRules, "rules", { recursive: true });
  return { folder: "rules", made: true };
}

async function isThere(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch {
    return false;
  }
}
