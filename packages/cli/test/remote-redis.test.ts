import { RedisServer, serverOrSkip } from "@acteon/test-servers";
import { describeRemoteState } from "./remote-state.ts";

const secret = "hunter2-hunter2";
const server = serverOrSkip("Redis", () => RedisServer.start({ settings: { requirepass: secret } }));

const remote = () => ({
  url: `redis://:${secret}@127.0.0.1:${server().port}`,
  wrongUrl: `redis://:wrong@127.0.0.1:${server().port}`,
  secret,
  kill: () => server().process.kill(),
  start: () => server().process.start(),
});

describeRemoteState(
  { backend: "redis", durability: "host", migrates: false, looksAt: ["permissions", "clock"] },
  remote,
  remote,
);
