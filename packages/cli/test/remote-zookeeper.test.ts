import { serverOrSkip, startZooKeeper } from "@acteon/test-servers";
import { describeRemoteState } from "./remote-state.ts";

const ensemble = serverOrSkip("ZooKeeper", startZooKeeper);

describeRemoteState(
  { backend: "zookeeper", durability: "host", migrates: false, looksAt: ["permissions", "session"] },
  () => {
    const [member] = ensemble().members;
    if (member === undefined) throw new TypeError("ZooKeeper has no member");
    return {
      url: `zookeeper://127.0.0.1:${member.port}`,
      kill: () => member.kill(),
      start: () => member.start(),
    };
  },
);
