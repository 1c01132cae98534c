import { execFile, execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findProgram } from "./find-program.ts";
import { freePort } from "./free-port.ts";
import { selfSigned } from "./self-signed.ts";
import { ServerProcess } from "./server-process.ts";
import { signalTo, standStill } from "./stand-still.ts";

export interface PostgresOptions {
  /** With a certificate of its own for `localhost`: `PostgresServer.certPath`. Clients may still do without. */
  readonly tls?: boolean;
  /** Settings of `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Of the only user, `postgres`, who may do everything. */
export const postgresPassword = "p%ss/w@rd";

/** A private PostgreSQL, whose data end with it. */
export class PostgresServer implements AsyncDisposable {
  /** As a client takes it; of the database `postgres`. */
  readonly url: string;
  readonly port: number;
  /** Of a server with TLS. */
  readonly certPath: string;
  readonly #process: ServerProcess;
  readonly #folder: string;
  #paused: readonly number[] = [];

  constructor(process: ServerProcess, folder: string) {
    this.#process = process;
    this.#folder = folder;
    this.port = process.port;
    this.url = postgresUrl(process.port);
    this.certPath = join(folder, `${certName}.crt`);
  }

  /** An immediate stop: what is in memory is gone, and the next start recovers from the log. */
  async kill(): Promise<void> {
    this.resume();
    await this.#process.stop("SIGQUIT");
  }

  async start(): Promise<void> {
    await this.#process.start();
  }

  /** All processes of the server stand still once this resolves: first the one that starts others, then those that it has started. */
  async pause(): Promise<void> {
    await this.#process.pause();
    const children = this.#children();
    this.#paused = [this.#process.pid, ...children];
    await Promise.all(children.map((pid) => standStill({ pid })));
  }

  resume(): void {
    for (const pid of this.#paused) signalTo(pid, "SIGCONT");
    this.#paused = [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The processes of its connections among them. */
  #children(): readonly number[] {
    const { pid } = this.#process;
    const processes = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
    return processes
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number))
      .filter(([, parent]) => parent === pid)
      .map(([child]) => child as number);
  }
}

/** `undefined`: PostgreSQL cannot be had here. */
export async function startPostgres({ settings = {}, tls = false }: PostgresOptions = {}): Promise<
  PostgresServer | undefined
> {
  const program = findProgram({ name: "postgres", folders, debian: ["postgresql"] });
  const initdb = findProgram({ name: "initdb", folders, debian: ["postgresql"] });
  const isReady = findProgram({ name: "pg_isready", folders, debian: ["postgresql-client"] });
  if (program === undefined || initdb === undefined || isReady === undefined) return undefined;
  const user = serverUser();
  const folder = ownFolder("acteon-postgres-", user);
  const passwordFile = join(folder, "password");
  writeOwn(passwordFile, postgresPassword, user);
  const data = join(folder, "data");
  const cluster = ["-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "scram-sha-256"];
  execFileSync(initdb, [...cluster, "--no-sync", `--pwfile=${passwordFile}`], {
    ...user,
    stdio: "ignore",
    cwd: folder,
  });
  const port = await freePort();
  const given = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    shared_buffers: "64MB",
    ...(tls ? tlsSettings(folder, user) : {}),
    ...settings,
  };
  const server = await ServerProcess.start({
    name: "PostgreSQL",
    program,
    port,
    cwd: folder,
    args: [
      "-D",
      data,
      "-p",
      String(port),
      ...Object.entries(given).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    ...user,
    // It takes connections while it recovers, and refuses them.
    isReady: () => succeeds(isReady, ["-q", "-h", "127.0.0.1", "-p", String(port)]),
  });
  return new PostgresServer(server, folder);
}

const certName = "server";

function tlsSettings(folder: string, user: ServerUser): Readonly<Record<string, string>> {
  const { certPath, keyPath } = selfSigned(folder, certName, "DNS:localhost");
  own(certPath, user);
  chmodSync(keyPath, 0o600);
  own(keyPath, user);
  return { ssl: "on", ssl_cert_file: certPath, ssl_key_file: keyPath };
}

/** A PgBouncer in front of it, that gives each transaction another connection. `undefined`: it cannot be had here. */
export async function startPgbouncer(server: PostgresServer): Promise<Pgbouncer | undefined> {
  const program = findProgram({ name: "pgbouncer", folders: ["/usr/sbin"], debian: ["pgbouncer"] });
  if (program === undefined) return undefined;
  const user = serverUser();
  const folder = ownFolder("acteon-pgbouncer-", user);
  const port = await freePort();
  writeOwn(join(folder, "users"), `"postgres" "${postgresPassword}"\n`, user);
  const configuration = `[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, "users")}
pool_mode = transaction
default_pool_size = 3
`;
  writeOwn(join(folder, "pgbouncer.ini"), configuration, user);
  const args = ["-q", join(folder, "pgbouncer.ini")];
  return new Pgbouncer(
    await ServerProcess.start({ name: "PgBouncer", program, port, args, cwd: folder, ...user }),
    folder,
  );
}

export class Pgbouncer implements AsyncDisposable {
  readonly url: string;
  readonly #process: ServerProcess;
  readonly #folder: string;

  constructor(process: ServerProcess, folder: string) {
    this.#process = process;
    this.#folder = folder;
    this.url = postgresUrl(process.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Debian's, newest first. */
const folders = ["/usr/lib/postgresql/*/bin"];

function postgresUrl(port: number): string {
  return `postgres://postgres:${encodeURIComponent(postgresPassword)}@127.0.0.1:${port}/postgres`;
}

interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL and PgBouncer refuse to be root. */
function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return {};
  const entry = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .find(([name]) => name === "postgres");
  if (entry === undefined) throw new Error("there is no user postgres, which Debian's package makes");
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

function ownFolder(prefix: string, user: ServerUser): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  own(folder, user);
  return folder;
}

function writeOwn(path: string, text: string, user: ServerUser): void {
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  own(path, user);
}

function own(path: string, { uid, gid }: ServerUser): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await promisify(execFile)(program, args);
    return true;
  } catch {
    return false;
  }
}
