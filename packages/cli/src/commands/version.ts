import packageJson from "../../package.json" with { type: "json" };
import type { Run } from "../command.ts";

export const run: Run = async ({ output }) => {
  const { version } = packageJson;
  const { node } = process.versions;
  output.result({ version, node }, () => `acteon ${version}`);
  return 0;
};
