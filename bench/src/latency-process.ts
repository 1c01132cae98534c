import { once } from "node:events";
import { measuredBackends } from "./measured-backends.ts";
import { latencyRound } from "./state-rounds.ts";
import type { Pace } from "./workload.ts";

/** What a process that runs this file is sent, once. It sends back `Latencies`. */
export interface LatencyRequest {
  readonly backend: string;
  readonly pace: Pace;
}

// A gateway is measured in a process that has done nothing else.
const [{ backend, pace }] = (await once(process, "message")) as [LatencyRequest];
const remote = measuredBackends.find(({ name }) => name === backend);
if (remote === undefined) throw new RangeError(`no backend named ${backend}`);
const latencies = await latencyRound(remote, pace);
process.send?.(latencies, () => process.disconnect?.());
