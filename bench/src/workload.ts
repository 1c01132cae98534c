import { randomUUID } from "node:crypto";
import type { ActionInput, OutcomeKind } from "@acteon/core";

/** The rules of the road benchmark: 20 of mixed verdicts over 200 tenants, in the design document's dialect. */
export const roadRules = `rules:
  - name: dedup-alerts
    priority: 10
    when:
      field: action.action_type
      equals: alert.dedup
    then:
      deduplicate:
        key: "{{ action.dedup_key }}"
        window: 5m
  - name: suppress-debug
    priority: 20
    when:
      field: action.action_type
      equals: debug
    then:
      suppress:
        reason: debug noise
  - name: deny-blocked
    priority: 30
    when:
      all:
        - field: action.action_type
          equals: order
        - field: action.payload.blocked
          equals: true
    then:
      deny:
        reason: blocked
  - name: reroute-mail
    priority: 40
    when:
      field: action.action_type
      equals: mail
    then:
      reroute:
        to: backup
  - name: label-orders
    priority: 50
    when:
      field: action.action_type
      equals: order
    then:
      modify:
        set:
          labelled: true
  - name: throttle-burst
    priority: 60
    when:
      field: action.action_type
      equals: burst
    then:
      throttle:
        rate: ${burstLimit()}
        window: 60m
${Array.from({ length: 14 }, (_, i) => tenantRule(i)).join("")}`;

function burstLimit(): number {
  return 50;
}

function tenantRule(i: number): string {
  return `  - name: quiet-tenant-${i * 14}
    priority: ${100 + i}
    when:
      all:
        - field: action.tenant
          equals: tenant-${i * 14}
        - field: action.payload.severity
          equals: noise
    then:
      suppress:
        reason: noise
`;
}

const text = "disk usage of the primary volume is above the threshold, please look at it soon";

/** A load that comes whatever becomes of it. */
export interface Pace {
  readonly actionsPerSecond: number;
  readonly seconds: number;
}

/** The inputs of one batch in flight, used again with new ids once its results are there. */
export class BatchOfInputs {
  readonly inputs: Mutable<ActionInput>[];

  constructor(size: number) {
    this.inputs = Array.from({ length: size }, () => ({
      id: "",
      namespace: "prod",
      tenant: "",
      provider: "console",
      actionType: "",
      payload: null,
      createdAt: "2026-01-01T00:00:00.000Z",
    }));
  }

  /** Fills in the actions `from` … of the run. */
  fill(from: number): readonly ActionInput[] {
    for (let i = 0; i < this.inputs.length; i++) fillInput(this.inputs[i] as Mutable<ActionInput>, from + i);
    return this.inputs;
  }
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Of 100 actions: 10 under the dedup rule (each key twice), 5 debug, 2 denied, 3 rerouted, 5 modified, 1 throttled, 74 plain. */
export function fillInput(input: Mutable<ActionInput>, n: number): void {
  const place = n % 100;
  input.id = randomUUID();
  input.tenant = `tenant-${n % 200}`;
  delete input.dedupKey;
  input.payload = {
    service: "api",
    severity: place % 7 === 0 ? "info" : "critical",
    host: `host-${place}`,
    message: text,
  };
  if (place < 10) {
    input.actionType = "alert.dedup";
    input.dedupKey = `run-${Math.floor(n / 2)}`;
    input.tenant = "tenant-1";
  } else if (place < 15) input.actionType = "debug";
  else if (place < 17) {
    input.actionType = "order";
    input.payload = { service: "api", blocked: true, message: text };
  } else if (place < 20) input.actionType = "mail";
  else if (place < 25) input.actionType = "order";
  else if (place === 25) {
    input.actionType = "burst";
    input.tenant = "tenant-3";
  } else input.actionType = "alert";
}

/** What the rules make of the actions 0 … count−1, computed from the input alone. */
export function expectedOutcomes(count: number): Partial<Record<OutcomeKind, number>> {
  const expected = { executed: 0, deduplicated: 0, suppressed: 0, rerouted: 0, throttled: 0 };
  let burst = 0;
  for (let n = 0; n < count; n++) {
    const place = n % 100;
    if (place < 10) expected[place % 2 === 0 ? "executed" : "deduplicated"]++;
    else if (place < 17) expected.suppressed++;
    else if (place < 20) expected.rerouted++;
    else if (place === 25) expected[burst++ < burstLimit() ? "executed" : "throttled"]++;
    else expected.executed++;
  }
  return expected;
}
