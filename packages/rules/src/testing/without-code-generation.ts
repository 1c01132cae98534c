import { action, engineWith, environment, known } from "./evaluation.ts";
import { and, call, eq, path, rule, verdicts } from "./ir.ts";

// Run on its own, by a test: loads a rule, evaluates it, and prints its verdict.
const condition = and(eq(path("provider"), "slack"), call("matches", [path("payload.text"), "\\bdisk\\b"]));
const engine = await engineWith(rule("quiet", condition, verdicts.suppress("quiet")));
const { end } = known(engine.current().plan(action({ payload: { text: "the disk is full" } }), environment()));
process.stdout.write(end.kind === "suppress" ? `${end.verdict} ${end.reason}\n` : `${end.kind}\n`);
