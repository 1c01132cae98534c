import { postgresPassword, serverOrSkip, startPostgres } from "@acteon/test-servers";
import { describeRemoteState } from "./remote-state.ts";

const server = serverOrSkip("PostgreSQL", startPostgres);
const secret = encodeURIComponent(postgresPassword);

const remote = () => ({
  url: server().url,
  wrongUrl: server().url.replace(secret, "wrong"),
  secret,
  kill: () => server().kill(),
  start: () => server().start(),
});

describeRemoteState(
  { backend: "postgres", durability: "strong", migrates: true, looksAt: ["schema", "permissions", "clock"] },
  remote,
  remote,
);
