import { postgresPassword } from "@acteon/test-servers";
import type { PostgresServer } from "@acteon/test-servers";
import { runSql } from "./test-space.ts";

/** A user of the server for one test. */
export class TestUser implements AsyncDisposable {
  readonly url: string;
  readonly #server: PostgresServer;
  readonly #name: string;

  private constructor(on: PostgresServer, name: string) {
    this.#server = on;
    this.#name = name;
    this.url = withUser(on, name, encodeURIComponent(postgresPassword));
  }

  static async on(on: PostgresServer, name: string, attributes = ""): Promise<TestUser> {
    await runSql(on.url, `CREATE ROLE ${name} LOGIN PASSWORD '${postgresPassword}' ${attributes}`);
    return new TestUser(on, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await runSql(this.#server.url, `DROP ROLE ${this.#name}`);
  }
}

/** The address of a server, for another user. */
export function withUser({ url }: PostgresServer, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}
