import { NotFoundError } from "@acteon/core";
import type { Run } from "../command.ts";
import { codeText } from "../explained-codes.ts";
import { helpOf } from "../program.ts";

export const run: Run = async ({ args, output }) => {
  const [topic = ""] = args;
  if (/^act-/i.test(topic)) {
    const code = topic.toUpperCase();
    const { title, text } = await codeText(code);
    output.result({ code, title, text }, () => `${output.paint("strong", `${code}: ${title}`)}\n\n${text}`);
    return 0;
  }
  const text = helpOf(args);
  if (text === undefined) throw new NotFoundError(`no command ${args.join(" ")}`);
  output.result({ topic: args.join(" "), text }, () => text.trimEnd());
  return 0;
};
