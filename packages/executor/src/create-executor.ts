import type { Clock, Random } from "@acteon/core";
import { AbortHub } from "./abort-hub.ts";
import { Execution } from "./execution.ts";
import type { ExecutionPorts } from "./execution.ts";
import type { Executor, ProviderHealthView } from "./executor-api.ts";
import { defaultExecutorPolicy } from "./executor-policy.ts";
import type { ExecutorPolicy } from "./executor-policy.ts";
import { Lane } from "./lane.ts";
import { ProviderMeter } from "./provider-meter.ts";

export interface ExecutorOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** What differs from `defaultExecutorPolicy`, for every provider. */
  readonly policy?: Partial<ExecutorPolicy>;
  /** A provider threw what is no lack of an answer, or returned no result: a bug, which stops here. For the log. */
  readonly onCrash?: (provider: string, error: unknown) => void;
}

/** Holds no handle of its own: timers live as long as the executions that wait on them. */
export function createExecutor({ clock, random, policy, onCrash = () => {} }: ExecutorOptions): Executor {
  const fullPolicy: ExecutorPolicy = { ...defaultExecutorPolicy, ...policy };
  const lanes = new Map<string, Lane>();
  const ports: ExecutionPorts = {
    clock,
    random,
    policy: fullPolicy,
    hub: new AbortHub(),
    wallMs: createWallClock(clock),
    onCrash,
  };
  const laneOf = (provider: string): Lane => {
    let lane = lanes.get(provider);
    if (lane === undefined) lanes.set(provider, (lane = new Lane(fullPolicy)));
    return lane;
  };
  return {
    execute: (call) => new Execution(call, laneOf(call.provider.name), ports).begin(),
    health: createHealthView((provider) => lanes.get(provider)?.meter, clock),
  };
}

function createHealthView(meterOf: (provider: string) => ProviderMeter | undefined, clock: Clock): ProviderHealthView {
  return {
    circuitOpen: () => false, // there are no breakers: every circuit is closed
    latencyP99Ms: (provider) => meterOf(provider)?.latencyP99Ms(clock.monotonicMs()),
    failureRate: (provider) => meterOf(provider)?.failureRate(clock.monotonicMs()) ?? 0,
    snapshot: (provider) => (meterOf(provider) ?? new ProviderMeter()).stats(),
  };
}

/**
 * The wall clock by the monotonic one, which each attempt reads anyhow: the distance between them is taken anew once a
 * second, as one reading costs 0.1 µs on machines whose clock is virtual.
 */
function createWallClock(clock: Clock): (monotonicMs: number) => number {
  let distanceMs = 0;
  let validUntilMs = -Infinity;
  return (monotonicMs) => {
    if (monotonicMs >= validUntilMs) {
      const nowMs = clock.monotonicMs();
      distanceMs = clock.nowMs() - nowMs;
      validUntilMs = nowMs + 1_000;
    }
    return Math.floor(monotonicMs + distanceMs);
  };
}
