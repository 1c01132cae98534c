import type { Session } from "./client/session.ts";
import { getData } from "./client/requests.ts";
import { ZooKeeperError } from "./client/zookeeper-error.ts";
import { okFinding } from "@acteon/state";
import type { BackendFinding } from "@acteon/state";

/** The default lease of an action. */
const actionLeaseMs = 30_000;

/**
 * The longest lease that goes with the session. A server tells the leader of a session's words every half tick, and a session
 * has two ticks at least: so much of it is left out.
 */
export function longestEphemeralMs({ timeoutMs }: Session): number {
  return (timeoutMs * 3) / 4;
}

/** How many servers acknowledge a write together; 0 of a server that stands alone, and where that may not be read. */
export async function ensembleSize(session: Session): Promise<number> {
  try {
    const config = await getData(session, "/zookeeper/config");
    return config?.data.toString("utf8").match(/^server\.\d+=/gm)?.length ?? 0;
  } catch (error) {
    if (error instanceof ZooKeeperError) return 0;
    throw error;
  }
}

export function sessionFinding(session: Session): BackendFinding {
  const subject = "session";
  const found = `the session lives on for ${session.timeoutMs} ms without a word from here`;
  if (longestEphemeralMs(session) >= actionLeaseMs) return okFinding(subject, found);
  return {
    level: "warning",
    subject,
    found: `${found}: too short for the lease of an action (${actionLeaseMs} ms) to go with it`,
    help: "raise maxSessionTimeout in zoo.cfg to 40000, so that the locks of a gateway that is gone go by themselves",
  };
}
