import { postgresPassword, serverOrSkip, startPostgres } from "@acteon/test-servers";
import { describeRemoteState } from "./remote-state.ts";

const server = serverOrSkip("PostgreSQL", startPostgres);

describeRemoteState("postgres", () => {
  const { url } = server();
  return {
    url,
    wrongUrl: url.replace(encodeURIComponent(postgresPassword), "wrong"),
    secret: encodeURIComponent(postgresPassword),
    durability: "strong",
    migrates: true,
    kill: () => server().kill(),
    start: () => server().start(),
  };
});
