import { toyFrontEnd } from "../testing/toy-front-end.ts";
import { describeRuleFrontEnd } from "./rule-front-end-suite.ts";

describeRuleFrontEnd({
  name: "toy",
  frontEnd: toyFrontEnd,
  rules: {},
  mistakes: [{ text: "one\n!\ntwo\n!", lines: [2, 4] }],
});
