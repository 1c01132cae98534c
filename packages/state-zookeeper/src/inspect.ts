import { systemClock, systemRandom } from "@acteon/core";
import type { Clock } from "@acteon/core";
import { clockFinding, okFinding, quorumFinding, roundTripFinding } from "@acteon/state";
import type { BackendFinding } from "@acteon/state";
import { createFlags } from "./client/protocol.ts";
import { create, exists, sync } from "./client/requests.ts";
import type { Session } from "./client/session.ts";
import { ZooKeeperError } from "./client/zookeeper-error.ts";
import { ensembleSize, sessionFinding } from "./look-at-servers.ts";
import { clientsFolder } from "./node-paths.ts";
import {
  encodedAcl,
  isTooOld,
  needsNewer,
  openSession,
  serverVersion,
  unreachableServers,
} from "./open-zookeeper-state.ts";
import type { ZooKeeperStateOptions } from "./open-zookeeper-state.ts";
import { parseZooKeeperUrl, rootOf } from "./zookeeper-address.ts";
import type { ZooKeeperAddress } from "./zookeeper-address.ts";

/** Looks at an ensemble, and leaves nothing behind. @throws {Error} What keeps it from being looked at. */
export async function* inspect(options: ZooKeeperStateOptions): AsyncGenerator<BackendFinding, void, void> {
  const { callTimeoutMs = 5_000, clock = systemClock, random = systemRandom, prefix = "acteon" } = options;
  const address = parseZooKeeperUrl(options.url);
  await using session = openSession(address, { ...options, callTimeoutMs, clock, random });
  try {
    await session.connected(clock.monotonicMs() + callTimeoutMs);
  } catch (cause) {
    throw unreachableServers(address, cause);
  }
  yield okFinding("connection", `connected to ${session.server?.host}:${session.server?.port}`);
  yield* lookAtServers(address, { clock, timeoutMs: callTimeoutMs });
  yield quorumFinding(await ensembleSize(session));
  yield sessionFinding(session);
  yield* lookAtNodes(session, rootOf(address, prefix), { address, clock });
  yield await roundTripFinding(clock, () => sync(session, "/"));
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
        help: needsNewer,
      };
    else yield okFinding("server version", `${where} runs ZooKeeper ${version}`);
  }
}

async function* lookAtNodes(
  session: Session,
  root: string,
  { address, clock }: { readonly address: ZooKeeperAddress; readonly clock: Clock },
): AsyncGenerator<BackendFinding, void, void> {
  const subject = "permissions";
  try {
    await sync(session, root);
    const isThere = (await exists(session, clientsFolder(root))) !== undefined;
    const found = isThere ? `nodes lie under ${root}` : `${root} is made at the first start`;
    yield okFinding("schema", found);
    // Goes with the session of this look.
    const leadMs = isThere ? await leadOfServerMs(session, root, { acl: encodedAcl(address), clock }) : undefined;
    yield address.credentials === undefined
      ? {
          level: "warning",
          subject,
          found: "there is no user: whoever reaches the servers may read and change everything",
          help: "put a user and a password into state.url: nodes made from then on are that user's alone",
        }
      : okFinding(subject, isThere ? "the user may read and write the nodes" : "the user was taken");
    yield leadMs === undefined
      ? okFinding("clock", "not known before the first start: servers tell their time where something is written")
      : clockFinding(leadMs);
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

/** By how much the leader's clock is before ours, as a node's time of creation tells. */
async function leadOfServerMs(
  session: Session,
  root: string,
  { acl, clock }: { readonly acl: Uint8Array; readonly clock: Clock },
): Promise<number> {
  const sentAtMs = clock.nowMs();
  const path = `${clientsFolder(root)}/doctor-`;
  const { stat } = await create(session, { path, data: "", acl, flags: createFlags.ephemeralSequential });
  return stat.mtimeMs - (sentAtMs + clock.nowMs()) / 2;
}
