import { createAction } from "@acteon/core";
import type { Action, JsonObject } from "@acteon/core";
import { createFakeClock, createSeededRandom } from "@acteon/core/testing";
import type { FixedState, RuleEnvironment } from "@acteon/rules";
import fc from "fast-check";

/** All that a decision depends on besides the rules. */
export interface Situation {
  readonly action: Action;
  readonly environment: RuleEnvironment;
  readonly state: FixedState;
}

/** So many situations, always the same. */
export function generateSituations(count: number): readonly Situation[] {
  return fc.sample(situation, { numRuns: count, seed: 4 });
}

const { constant, constantFrom, integer, option, record } = fc;

const providers = ["slack", "mail", "pagerduty", "sms"] as const;
const services = ["db", "web", "cache"] as const;
const dedupKeys = ["disk-full", "cpu-hot"] as const;
const severities = ["info", "warning", "critical"] as const;
const seenKeys: readonly string[] = [
  ...dedupKeys,
  "a-1",
  "ann",
  "ann:OPS-7",
  ...services.flatMap((service) => severities.map((severity) => `${service}:${severity}`)),
];
const minuteMs = 60_000;

/** Two weeks with their weekends, as there is one in between. */
const nowMs = integer({ min: 0, max: 14 * 24 * 3_600 }).map((seconds) => Date.UTC(2026, 2, 1) + seconds * 1_000);

/** From two hours before now to one after it. */
const offsetMs = integer({ min: -120 * 60, max: 60 * 60 }).map((seconds) => seconds * 1_000);

const customer = constantFrom("ann", "Ann", "bob", " eve", "zoë");
const onOrOff = constantFrom("on", "off");

/** What is read of it is there, but `escalation`; `note` may be null, and `reference` a number. */
const payload = record({
  severity: constantFrom(...severities),
  service: constantFrom(...services),
  channel: constantFrom("#alerts", "#alerts-db", "#random", "ops"),
  urgent: fc.boolean(),
  amount: fc.oneof(integer({ min: -20, max: 2_000 }), constantFrom(0, 0.5, 9.5, 1_000, 1_000.5)),
  limit: integer({ min: 0, max: 1_500 }),
  quantity: integer({ min: 0, max: 9 }),
  balance: fc.oneof(integer({ min: -400, max: 400 }), constantFrom(-200.5, 199.5)),
  customer,
  text: constantFrom("disk is full", "my password is hunter2", "card 4111111111111111", "a long story of a disk", "🔥"),
  ticket: constantFrom("OPS-7", "X-12", "ops-7", "OPS-7 again"),
  phone: constantFrom("555 1234", "5 55 1", "49 30 555"),
  note: constantFrom(null, "seen"),
  reference: constantFrom("R-1", "X-1", 7),
  tags: fc.subarray(["quiet", "nightly", "db"]),
  items: fc.array(record({ sku: constantFrom("a", "b"), price: constantFrom(0, 5, 19.99, 25, 150) }), {
    minLength: 1,
    maxLength: 4,
  }),
  host: record({
    name: constantFrom("web-1.test", "db-1.example"),
    region: record({ name: constantFrom("eu", "us") }),
  }),
  labels: record({ "app/name": constantFrom(...services), db: onOrOff, web: onOrOff, cache: onOrOff }),
  backup: constantFrom("mail", "console"),
});

const escalation = fc.oneof(
  constant({}),
  record({ escalation: option(record({ level: integer({ min: 1, max: 4 }) })) }),
);

const health = fc
  .tuple(...providers.map(() => record({ open: fc.boolean(), latencyMs: option(integer({ min: 0, max: 4_000 })) })))
  .map((each) => new Map(providers.map((name, i) => [name as string, each[i]!])));

const situation: fc.Arbitrary<Situation> = record({
  nowMs,
  payload,
  escalation,
  startsInMs: offsetMs,
  expiresInMs: offsetMs,
  provider: constantFrom(...providers),
  actionType: constantFrom("alert", "order", "greeting"),
  tenant: constantFrom("acme", "globex"),
  dedupKey: option(constantFrom(...dedupKeys), { nil: undefined }),
  team: option(constantFrom("payments", "ops"), { nil: undefined }),
  health,
  failureRate: fc.double({ min: 0, max: 1, noNaN: true }),
  seenMinutesAgo: fc.tuple(...seenKeys.map(() => option(integer({ min: 0, max: 90 })))),
  counters: record(
    Object.fromEntries([
      ...services.map((name) => [`${name}:pages`, integer({ min: 0, max: 20 })]),
      ["orders", integer({ min: 0, max: 200 })],
      ["throttle_mails", integer({ min: 0, max: 5 })],
    ]),
  ),
  mode: option(constantFrom("quiet", "loud"), { nil: undefined }),
  deployedMinutesAgo: fc.tuple(...services.map(() => integer({ min: 0, max: 20 }))),
}).map((drawn) => ({
  action: createAction(
    {
      id: "a-1",
      namespace: "ops",
      tenant: drawn.tenant,
      provider: drawn.provider,
      actionType: drawn.actionType,
      payload: {
        ...drawn.payload,
        ...drawn.escalation,
        starts: new Date(drawn.nowMs + drawn.startsInMs).toISOString(),
        expires: (drawn.nowMs + drawn.expiresInMs) / 1_000,
      } as JsonObject,
      ...(drawn.dedupKey !== undefined && { dedupKey: drawn.dedupKey }),
      metadata: drawn.team === undefined ? {} : { team: drawn.team },
    },
    { clock: createFakeClock(drawn.nowMs), random: createSeededRandom(1) },
  ),
  environment: {
    nowMs: drawn.nowMs,
    variables: {},
    health: {
      circuitOpen: (name) => drawn.health.get(name)?.open ?? false,
      latencyP99Ms: (name) => drawn.health.get(name)?.latencyMs ?? undefined,
      failureRate: () => drawn.failureRate,
    },
  },
  state: {
    seen: new Map(
      seenKeys.flatMap((key, i) => {
        const minutes = drawn.seenMinutesAgo[i] ?? undefined;
        return minutes === undefined ? [] : [[key, drawn.nowMs - minutes * minuteMs] as const];
      }),
    ),
    counters: new Map(Object.entries(drawn.counters)),
    entries: new Map([
      ...(drawn.mode === undefined ? [] : [["mode", drawn.mode] as const]),
      ...services.map(
        (name, i) =>
          [`deployed:${name}`, new Date(drawn.nowMs - drawn.deployedMinutesAgo[i]! * minuteMs).toISOString()] as const,
      ),
    ]),
  },
}));
