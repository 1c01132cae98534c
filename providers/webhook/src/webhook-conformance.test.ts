import { stringifyAction } from "@acteon/core";
import { describeProvider } from "@acteon/provider/conformance";
import { expect } from "vitest";
import { webhookProvider } from "./webhook-provider.ts";

const signingSecret = `whsec_${Buffer.alloc(32, "k").toString("base64")}`;

describeProvider({
  name: "webhook",
  type: webhookProvider,
  config: (url) => ({
    url: `${url}/hooks/path-token-5521?key=query-token-5521`,
    headers: { "x-api-key": "header-token-5521" },
    authorization: "Bearer bearer-token-5521",
    signing_secrets: [signingSecret],
  }),
  secrets: ["path-token-5521", "query-token-5521", "header-token-5521", "bearer-token-5521", signingSecret],
  accepted: { kind: "reply", status: 200, headers: { "content-type": "application/json" }, body: '{"ok":true}' },
  check({ method, path, headers, body }, action) {
    expect(method).toBe("POST");
    expect(path).toBe("/hooks/path-token-5521?key=query-token-5521");
    expect(body).toBe(stringifyAction(action));
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "x-api-key": "header-token-5521",
      authorization: "Bearer bearer-token-5521",
    });
  },
  keyOf: ({ headers }) => headers["webhook-id"]?.toString(),
});
