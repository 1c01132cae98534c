/** Rules under which the first action of each `payload.n` is executed, and the others are duplicates. */
export const onceRules = `rules:
  - name: once
    when: { field: action.tenant, equals: acme }
    then: { deduplicate: { key: "{{ action.payload.n }}", window: 5m } }
`;

/** One action, over HTTP. */
export async function dispatch(
  url: string,
  { id, n }: { readonly id: string; readonly n: string | number },
): Promise<{ readonly status: number; readonly text: string }> {
  const action = { id, namespace: "demo", tenant: "acme", provider: "console", action_type: "alert", payload: { n } };
  const reply = await fetch(`${url}/v1/dispatch`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(action),
  });
  return { status: reply.status, text: await reply.text() };
}
