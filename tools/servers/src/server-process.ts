import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection } from "node:net";
import { standStill } from "./stand-still.ts";

export interface ServerCommand {
  /** For messages. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** The loopback port that it listens on. */
  readonly port: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Run as this user and group, where the server refuses to be root. */
  readonly uid?: number;
  readonly gid?: number;
  /** Is it ready? Asked every 20 ms once the port takes connections; that alone is enough unless said. */
  isReady?(): Promise<boolean>;
}

const startMs = 30_000;
const keptOutput = 8_192;

/** A server of a test: a private process on a loopback port, that the test may kill, stop, pause and start again. It ends with the test's process. */
export class ServerProcess implements AsyncDisposable {
  readonly command: ServerCommand;
  #child: ChildProcess | undefined;
  #output = "";

  private constructor(command: ServerCommand) {
    this.command = command;
  }

  /** @throws {Error} It did not become ready in 30 s; with the end of what it printed. */
  static async start(command: ServerCommand): Promise<ServerProcess> {
    const server = new ServerProcess(command);
    await server.start();
    return server;
  }

  get port(): number {
    return this.command.port;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`${this.command.name} is not running`);
    return pid;
  }

  /** Again, after `kill` or `stop`: the same port, the same data. */
  async start(): Promise<void> {
    const { program, args, cwd, env, uid, gid } = this.command;
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    this.#child = child;
    this.#output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data: Buffer) => (this.#output = (this.#output + data.toString()).slice(-keptOutput)));
    child.on("error", (error) => (this.#output += `\n${error.message}`));
    const endWithTest = (): void => void child.kill("SIGKILL");
    process.once("exit", endWithTest);
    child.once("exit", () => process.removeListener("exit", endWithTest));
    await this.#ready(child);
  }

  /** As a crash: at once. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** As an operator would. @param signal What this server takes as "stop". */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    await this.#end(signal);
  }

  /** The process stands still once this resolves; its connections stay open. */
  pause(): Promise<void> {
    return standStill(this);
  }

  resume(): void {
    process.kill(this.pid, "SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  async #ready(child: ChildProcess): Promise<void> {
    const untilMs = performance.now() + startMs;
    while (performance.now() < untilMs) {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) break;
      if ((await takesConnections(this.port)) && ((await this.command.isReady?.()) ?? true)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await this.kill();
    throw new Error(`${this.command.name} did not start on port ${this.port}\n${this.#output}`);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    if (signal !== "SIGKILL") child.kill("SIGCONT"); // it may be paused
    await ended;
  }
}

async function takesConnections(port: number): Promise<boolean> {
  const socket = createConnection({ port, host: "127.0.0.1" });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
