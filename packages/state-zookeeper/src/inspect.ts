import { systemClock, systemRandom } from "@acteon/core";
import type { Clock } from "@acteon/core";
import type { BackendFinding } from "@acteon/state";
import { fourLetterWord } from "./client/four-letter-word.ts";
import { exists, getChildren, sync } from "./client/requests.ts";
import type { Session } from "./client/session.ts";
import { ZooKeeperError } from "./client/zookeeper-error.ts";
import { isTooOld, openSession, serverVersion, unreachableServers } from "./open-zookeeper-state.ts";
import type { ZooKeeperStateOptions } from "./open-zookeeper-state.ts";
import { parseZooKeeperUrl, rootOf } from "./zookeeper-address.ts";
import type { ZooKeeperAddress } from "./zookeeper-address.ts";

/** Odd, so that there is one in the middle. */
const roundTrips = 9;
/** The lease of an action: one that the session does not outlive ends by the clock of the leader alone. */
const actionLeaseMs = 30_000;

/** Looks at an ensemble, and changes nothing in it. @throws {Error} What keeps it from being looked at. */
export async function* inspect(options: ZooKeeperStateOptions): AsyncGenerator<BackendFinding, void, void> {
  const { callTimeoutMs = 5_000, clock = systemClock, random = systemRandom, prefix = "acteon" } = options;
  const address = parseZooKeeperUrl(options.url);
  await using session = openSession(address, { ...options, callTimeoutMs, clock, random });
  try {
    await session.connected(clock.monotonicMs() + callTimeoutMs);
  } catch (cause) {
    throw unreachableServers(address, cause);
  }
  yield { level: "ok", subject: "connection", found: `connected to ${session.server?.host}:${session.server?.port}` };
  yield* lookAtServers(address, { clock, timeoutMs: callTimeoutMs });
  yield sessionFinding(session);
  yield* lookAtNodes(session, rootOf(address, prefix), address);
  const tripMs = await medianTripMs(session, clock);
  yield { level: "ok", subject: "round trip", found: `${tripMs.toFixed(1)} ms at the median of ${roundTrips}` };
}

async function* lookAtServers(
  { servers }: ZooKeeperAddress,
  options: { readonly clock: Clock; readonly timeoutMs: number },
): AsyncGenerator<BackendFinding, void, void> {
  for (const server of servers) {
    const where = `${server.host}:${server.port}`;
    const version = await serverVersion(server, options);
    if (version === undefined)
      yield {
        level: "warning",
        subject: "server version",
        found: `${where} does not tell its version`,
        help: "is it up? If it is, add srvr to 4lw.commands.whitelist in zoo.cfg, so that it can be checked",
      };
    else if (isTooOld(version))
      yield {
        level: "failure",
        subject: "server version",
        found: `${where} runs ZooKeeper ${version}`,
        help: "run 3.6 or newer",
      };
    else {
      yield { level: "ok", subject: "server version", found: `${where} runs ZooKeeper ${version}` };
      yield await durabilityFinding(server, options);
    }
  }
}

async function durabilityFinding(
  server: { readonly host: string; readonly port: number },
  options: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<BackendFinding> {
  const where = `${server.host}:${server.port}`;
  const mode = /^Mode: (\w+)$/m.exec(await fourLetterWord(server, "srvr", options))?.[1];
  if (mode !== "standalone")
    return { level: "ok", subject: "durability", found: `strong: ${where} is a ${mode} of its ensemble` };
  return {
    level: "warning",
    subject: "durability",
    found: `${where} stands alone: what was acknowledged outlives its process, not its disk`,
    help: "run an ensemble of three or five",
  };
}

function sessionFinding({ timeoutMs }: Session): BackendFinding {
  const found = `the session lives for ${timeoutMs} ms without a word from here`;
  if (timeoutMs >= actionLeaseMs) return { level: "ok", subject: "session", found };
  return {
    level: "warning",
    subject: "session",
    found: `${found}, which is shorter than the lease of an action (${actionLeaseMs} ms): locks are then no ephemeral nodes`,
    help: `raise maxSessionTimeout in zoo.cfg to ${actionLeaseMs} or more`,
  };
}

async function* lookAtNodes(
  session: Session,
  root: string,
  { credentials }: ZooKeeperAddress,
): AsyncGenerator<BackendFinding, void, void> {
  const subject = "permissions";
  try {
    await sync(session, root);
    const isThere = (await exists(session, root)) !== undefined;
    yield {
      level: "ok",
      subject: "schema",
      found: isThere ? `nodes lie under ${root}` : `${root} is made at the first start`,
    };
    if (isThere) await getChildren(session, root);
    yield credentials === undefined
      ? {
          level: "warning",
          subject,
          found: "there is no user: whoever reaches the servers may read and change everything",
          help: "put a user and a password into state.url: nodes made from then on are that user's alone",
        }
      : { level: "ok", subject, found: "the user may read the nodes" };
  } catch (error) {
    if (!(error instanceof ZooKeeperError)) throw error;
    yield {
      level: "failure",
      subject,
      found: `${error.message} at ${root}`,
      help: "use the user and password of state.url that made the nodes, or give it all permissions with setAcl",
    };
  }
}

async function medianTripMs(session: Session, clock: Clock): Promise<number> {
  const trips: number[] = [];
  for (let i = 0; i < roundTrips; i++) {
    const sentAtMs = clock.monotonicMs();
    await sync(session, "/");
    trips.push(clock.monotonicMs() - sentAtMs);
  }
  return trips.toSorted((a, b) => a - b)[(roundTrips - 1) / 2] ?? 0;
}
