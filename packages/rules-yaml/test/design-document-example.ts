/** “YAML Example” of the design document, as it stands there. */
export const designDocumentExample = `# rules/simple.yaml

rules:
  - name: deduplicate-slack-alerts
    priority: 100
    description: Prevent duplicate Slack messages

    when:
      all:
        - field: action.provider
          equals: slack
        - field: action.payload.channel
          starts_with: "#alerts"
        - state.seen:
            key: "{{ action.dedup_key }}"
            window: 5m

    then:
      deduplicate:
        key: "{{ action.dedup_key }}"
        window: 5m

  - name: throttle-pagerduty
    priority: 90

    when:
      all:
        - field: action.provider
          equals: pagerduty
        - state.counter:
            key: "{{ action.payload.service }}:alerts"
            window: 1m
            greater_than: 10

    then:
      throttle:
        rate: 10
        window: 1m
`;
