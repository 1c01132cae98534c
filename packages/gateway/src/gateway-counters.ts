import { type ActionOutcome } from "@acteon/core";

/** Counters since start. Plain numbers, read at scrape time. */
export class GatewayCounters {
  dispatched = 0;
  executed = 0;
  deduplicated = 0;
  suppressed = 0;
  rerouted = 0;
  throttled = 0;
  failed = 0;
  /** Dispatches that ended with an error instead of an outcome. */
  refused = 0;
  deadLettered = 0;
  recovered = 0;
  lateAnswers = 0;
  ruleErrors = 0;
  locksTaken = 0;
  replayed = 0;

  snapshot(): Readonly<Record<string, number>> {
    return Object.fromEntries(Object.entries(this));
  }

  count(outcome: ActionOutcome): void {
    switch (outcome.kind) {
      case "executed":
        this.executed++;
        break;
      case "deduplicated":
        this.deduplicated++;
        break;
      case "suppressed":
        this.suppressed++;
        break;
      case "rerouted":
        this.rerouted++;
        break;
      case "throttled":
        this.throttled++;
        break;
      case "failed":
        this.failed++;
        break;
      default: // the outcomes of later work, and dry runs, have no counter here yet
    }
  }
}
