import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ActeonOptions } from "./acteon.ts";
import { acteon, startActeon, temporaryFolder } from "./acteon.ts";
import { dispatch, onceRules } from "./dispatch-once.ts";

/** What is known of a backend before its server runs. */
export interface RemoteBackend {
  readonly backend: string;
  readonly durability: string;
  /** It asks for something that `migrate` makes. */
  readonly migrates: boolean;
  /** What doctor looks at besides connection, version, durability and round trip. */
  readonly looksAt: readonly string[];
  /** What the command has to know besides the address. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A real server of it. */
export interface RemoteServer {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** A server that asks for a password. */
export interface GuardedServer extends RemoteServer {
  /** What may be shown nowhere. */
  readonly secret: string;
  /** The same address with a password that it does not take. */
  readonly wrongUrl: string;
}

interface Place extends ActeonOptions {
  /** The configuration. */
  readonly file: string;
}

/**
 * What a person meets who puts state on another machine: real processes of the command, and a real server.
 * @param remote Known when the tests run. @param guarded The same, where it asks for a password.
 */
export function describeRemoteState(
  { backend, durability, migrates, looksAt, environment = {} }: RemoteBackend,
  remote: () => RemoteServer,
  guarded?: () => GuardedServer,
): void {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  /** All that the command printed. */
  const shown: string[] = [];

  beforeAll(async () => {
    folder = await temporaryFolder();
    await mkdir(join(folder.path, "rules"));
    await writeFile(join(folder.path, "rules/main.yaml"), onceRules);
  });

  afterAll(() => folder[Symbol.asyncDispose]());

  /** A configuration, with a trail of its own, whose address is in the environment. */
  const configure = async (
    name: string,
    { url = remote().url, server = "" }: { readonly url?: string; readonly server?: string } = {},
  ): Promise<Place> => {
    const text = `[server]
port = 0
drain_delay_ms = 0
${server}
[state]
backend = "${backend}"
path = "./${name}"
call_timeout_ms = 2000
[rules]
directory = "./rules"
watch = false
[providers.console]
`;
    await writeFile(join(folder.path, `${name}.toml`), text);
    return { file: `${name}.toml`, cwd: folder.path, environment: { ...environment, ACTEON_STATE__URL: url } };
  };

  const run = async (command: string, { file, ...options }: Place, ...args: readonly string[]) => {
    const ended = await acteon([command, "-c", file, ...args], options);
    shown.push(ended.stdout, ended.stderr);
    return ended;
  };
  const serve = ({ file, ...options }: Place) => startActeon(["serve", "-c", file], options);

  describe(`state in ${backend}`, () => {
    test("migrate makes what is asked for, and nothing the next time; doctor says so, and what is promised", async () => {
      const place = await configure("first");
      const before = await run("doctor", place);
      const first = await run("migrate", place, "-o", "json");
      const second = await run("migrate", place);
      const after = await run("doctor", place, "-o", "json");
      expect(before.code).toBe(migrates ? 3 : 0);
      expect(first).toMatchObject({ code: 0 });
      const steps = JSON.parse(first.stdout) as readonly object[];
      expect(steps.length > 0).toBe(migrates);
      for (const step of steps)
        expect(step).toEqual({ part: "state", backend, step: expect.stringMatching(/./) as string });
      expect(second).toMatchObject({ code: 0, stdout: "", stderr: `state (${backend}): nothing is to be done\n` });
      expect(after.code).toBe(0);
      const { findings, promises } = JSON.parse(after.stdout) as {
        readonly findings: readonly {
          readonly part: string;
          readonly subject: string;
          readonly level: string;
          readonly help?: string;
        }[];
        readonly promises: readonly object[];
      };
      const subjects = findings.filter(({ part }) => part === "state").map(({ subject }) => subject);
      expect(subjects).toEqual(
        expect.arrayContaining(["address", "connection", "server version", "durability", "round trip", ...looksAt]),
      );
      for (const { level, subject, help } of findings) if (level !== "ok") expect(help, subject).toMatch(/./);
      expect(promises).toMatchObject([{ part: "state", backend, durability }]);
    });

    test("two gateways deduplicate together; both outlive a restart of the server, for which a third one waits", async () => {
      await using one = serve(await configure("one"));
      await using two = serve(await configure("two"));
      const urlsOf = [await one.line("http://"), await two.line("http://")] as const;
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => dispatch(urlsOf[i % 2] as string, { id: `a-${i}`, n: i >> 2 })),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
      expect(answers.filter(({ text }) => text.startsWith('{"Executed"'))).toHaveLength(5);
      expect(answers.filter(({ text }) => text === '"Deduplicated"')).toHaveLength(15);
      const metrics = async (): Promise<unknown> => (await fetch(`${urlsOf[0]}/metrics`)).json();
      expect(await metrics()).toMatchObject({
        state: {
          backend,
          durability: durability,
          errors: {},
          connections: { open: expect.any(Number) as number },
        },
      });

      await remote().kill();
      await using three = serve(await configure("three"));
      expect(await dispatch(urlsOf[0], { id: "b", n: 7 })).toMatchObject({
        status: 503,
        text: expect.stringContaining('"code":"state_unavailable"') as string,
      });
      expect((await fetch(`${urlsOf[0]}/ready`)).status).toBe(503);
      await three.errorLine("store not reached yet");
      expect(JSON.parse(await one.errorLine("store does not answer"))).toMatchObject({
        role: "state",
        backend,
        reason: expect.stringMatching(/./) as string,
      });
      expect(three.stdout).toBe("");

      await remote().start();
      await three.line("http://");
      for (const url of urlsOf)
        await expect.poll(async () => (await dispatch(url, { id: `c-${url}`, n: url })).status).toBe(200);
      expect(await metrics()).toMatchObject({ state: { errors: { state_unavailable: expect.any(Number) as number } } });
      for (const gateway of [one, two, three]) {
        gateway.child.kill("SIGTERM");
        expect(await gateway.ended).toMatchObject({ code: 0 });
        shown.push(gateway.stdout, gateway.stderr);
      }
    }, 90_000);

    test("several workers share it", async () => {
      await using gateway = serve(await configure("workers", { server: "workers = 2" }));
      const url = await gateway.line("http://");
      const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => dispatch(url, { id: `w-${i}`, n: "w" })));
      expect(answers.filter(({ text }) => text.startsWith('{"Executed"'))).toHaveLength(1);
      gateway.child.kill("SIGTERM");
      expect(await gateway.ended).toMatchObject({ code: 0 });
    });

    test("row 66: one that stays away ends the start as 7", async () => {
      const url = remote().url.replace(/:\d+(?=\/|$)/, ":1");
      const away = await configure("away", { url, server: "startup_ms = 1000" });
      const served = await run("serve", away);
      expect(served).toMatchObject({
        code: 7,
        stdout: "",
        stderr: expect.stringContaining(`no ${backend} at `) as string,
      });
      expect(served.stderr).toMatch(/^help: .+$/m);
      if (migrates)
        expect(await run("migrate", away)).toMatchObject({
          code: 7,
          stderr: expect.stringMatching(/^help: .+$/m) as string,
        });
      const examined = await run("doctor", away);
      expect(examined).toMatchObject({
        code: 3,
        stdout: expect.stringMatching(/^failure +state +connection/m) as string,
      });
    });

    if (guarded === undefined) return;

    test("a wrong password is told, and nothing shows the right one (S6)", async () => {
      const { secret, wrongUrl } = guarded();
      const refused = await run("doctor", await configure("wrong", { url: wrongUrl }));
      expect(refused).toMatchObject({
        code: 3,
        stdout: expect.stringMatching(/password|credentials|authenticat/i) as string,
      });
      expect(shown.length).toBeGreaterThan(10);
      expect(shown.join("\n")).not.toContain(secret);
    });
  });
}
