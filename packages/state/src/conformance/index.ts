export { describeContention } from "./describe-contention.ts";
export { describeServerFaults } from "./describe-server-faults.ts";
export { describeStateStore } from "./describe-state-store.ts";
export type { ContentionSubject } from "./contention.ts";
export type { FaultClientOptions, FaultSpace, FaultSubject, FaultyNetwork, FaultyServer } from "./fault-subject.ts";
export type { Law, LawContext } from "./law.ts";
export { stateLaws } from "./laws.ts";
export type { Backend, StateSpace, StateSubject } from "./subject.ts";
