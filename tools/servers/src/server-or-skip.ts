import { beforeAll, test } from "vitest";

/**
 * Starts a real server for the tests of a file, and gives what `start` gave once they run. Where the server cannot be had
 * (`start` gives `undefined`) every test of the file is skipped by name, or fails if `ACTEON_TEST_REQUIRE=all`.
 */
export function serverOrSkip<Server extends AsyncDisposable>(
  name: string,
  start: () => Promise<Server | undefined>,
): () => Server {
  let server: Server | undefined;
  beforeAll(async () => {
    server = await start();
    if (server === undefined && process.env["ACTEON_TEST_REQUIRE"] === "all")
      throw new Error(`${name} cannot be had here, and ACTEON_TEST_REQUIRE=all`);
    return async () => server?.[Symbol.asyncDispose]();
  }, 300_000);
  test.beforeEach(({ skip }) => {
    if (server === undefined) skip(`${name} cannot be had here`);
  });
  return () => {
    if (server === undefined) throw new TypeError(`${name} was not started`);
    return server;
  };
}
