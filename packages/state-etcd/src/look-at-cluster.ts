import { okFinding } from "@acteon/state";
import type { BackendFinding } from "@acteon/state";
import type { EtcdClient } from "./etcd-client.ts";
import { floorText, isBelowFloor } from "./etcd-version.ts";
import { decodeAlarmCount, decodeMemberCount, decodeStatus } from "./maintenance-messages.ts";

/** What the promises of a cluster rest on. */
export interface ClusterFacts {
  /** Of the member that answered. */
  readonly version: string;
  readonly revision: number;
  readonly members: number;
  /** Alarms that stand: no space, or corrupt data. */
  readonly alarms: number;
}

/** @throws {EtcdCallError} */
export async function readCluster(client: EtcdClient): Promise<ClusterFacts> {
  const none = Buffer.alloc(0);
  const { version, revision } = await client.call("Maintenance/Status", none, decodeStatus);
  const members = await client.call("Cluster/MemberList", none, decodeMemberCount);
  const alarms = await client.call("Maintenance/Alarm", none, decodeAlarmCount);
  return { version, revision, members, alarms };
}

export function versionFinding({ version }: ClusterFacts): BackendFinding {
  const found = `etcd ${version}`;
  if (!isBelowFloor(version)) return okFinding("server version", found);
  return {
    level: "warning",
    subject: "server version",
    found: `${found} is older than ${floorText}: it has known faults in leases and in what it keeps over a crash`,
    help: `upgrade etcd to ${floorText} or later; until then locks and acknowledged writes are not promised`,
  };
}

export function alarmFinding({ alarms }: ClusterFacts): BackendFinding {
  if (alarms === 0) return okFinding("alarms", "none");
  return {
    level: "failure",
    subject: "alarms",
    found: `${alarms} ${alarms === 1 ? "alarm stands" : "alarms stand"}: etcd takes no writes`,
    help: "`etcdctl alarm list` names them; after NOSPACE compact, `etcdctl defrag` and `etcdctl alarm disarm`",
  };
}
