import { serverOrSkip, startEtcd } from "@acteon/test-servers";
import { describeRemoteState } from "./remote-state.ts";

const cluster = serverOrSkip("etcd", startEtcd);

describeRemoteState(
  { backend: "etcd", durability: "host", migrates: false, looksAt: ["server version", "permissions", "clock"] },
  () => {
    const [member] = cluster().members;
    if (member === undefined) throw new TypeError("etcd has no member");
    return {
      url: `etcd://127.0.0.1:${member.port}`,
      kill: () => member.kill(),
      start: () => member.start(),
    };
  },
);
