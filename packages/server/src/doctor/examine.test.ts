import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, systemRandom } from "@acteon/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkConfig } from "../config/load-config.ts";
import type { Examined } from "./examine.ts";
import { examine } from "./examine.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "acteon-doctor-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

async function examined(text: string, insecureNoAuth = false): Promise<readonly Examined[]> {
  const loaded = await checkConfig({ file: "acteon.toml", text, environment: {}, insecureNoAuth });
  if (loaded.kind === "rejected") throw new Error(JSON.stringify(loaded.diagnostics));
  return Array.fromAsync(examine(loaded, { environment: {}, clock: systemClock, random: systemRandom }));
}

/** `level part subject: found`, of one part. */
async function findings(part: string, text: string, insecureNoAuth = false): Promise<readonly string[]> {
  return (await examined(text, insecureNoAuth)).flatMap((each) =>
    each.kind === "finding" && each.part === part
      ? [`${each.level} ${each.subject}: ${each.found.replaceAll(directory, "D")}`]
      : [],
  );
}

/** Takes connections, and says nothing. */
async function listening(): Promise<Server> {
  const server = createServer((socket) => void socket.resume()).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

describe("what a gateway rests on", () => {
  test("nothing is made by looking", async () => {
    await examined(`[state]\npath = "${directory}/data"\n[rules]\ndirectory = "${directory}"\n[providers.console]`);
    expect(readdirSync(directory)).toEqual([]);
  });

  test("every warning and failure says what to do", async () => {
    writeFileSync(join(directory, "bad.yaml"), "rules:\n  - nam: x\n");
    const found = await examined(
      `[server]\nhost = "0.0.0.0"\n[state]\nbackend = "memory"\n[rules]\ndirectory = "${directory}"`,
      true,
    );
    const troubles = found.filter((each) => each.kind === "finding" && each.level !== "ok");
    expect(troubles.length).toBeGreaterThan(4);
    for (const trouble of troubles) expect(trouble).toHaveProperty("help", expect.stringMatching(/./));
  });

  test("rules: how many, and what is wrong with them", async () => {
    const text = `[rules]\ndirectory = "${directory}"\n[providers.console]`;
    writeFileSync(
      join(directory, "a.yaml"),
      "rules:\n  - { name: a, when: { field: action.tenant, equals: x }, then: suppress }\n",
    );
    expect(await findings("rules", text)).toEqual(["ok rules: 1 in force from D"]);
    writeFileSync(join(directory, "b.yaml"), "rules:\n  - nam: x\n");
    expect(await findings("rules", text)).toContainEqual(expect.stringMatching(/^failure rules: D\/b\.yaml:\d+: /));
  });

  test("providers: one that never answers takes no time from the stores", async () => {
    await using silent = await listening();
    const { port } = silent.address() as AddressInfo;
    const text = `[server]\nstartup_ms = 300
[providers.hook]\ntype = "webhook"\nurl = "http://127.0.0.1:${port}/"
[state]\nbackend = "postgres"\nurl = "postgres://u:p@127.0.0.1:9/x"`;
    const found = await examined(text);
    const of = (part: string) => found.flatMap((each) => (each.kind === "finding" && each.part === part ? [each] : []));
    expect(of("providers")).toMatchObject([
      { level: "warning", subject: "hook", found: `http://127.0.0.1:${port}: no answer in time` },
    ]);
    expect(of("state").at(-1)).toMatchObject({ level: "failure", found: expect.stringContaining("ECONNREFUSED") });
  });

  test("providers: each is asked, and one that does not answer is a warning", async () => {
    const text = '[providers.console]\n[providers.hook]\ntype = "webhook"\nurl = "http://127.0.0.1:9/"';
    expect(await findings("providers", text)).toEqual([
      "ok console: healthy",
      expect.stringMatching(/^warning hook: ./),
    ]);
  });

  test("authentication: nobody from elsewhere, a file that is there, or a warning", async () => {
    expect(await findings("authentication", "")).toEqual(["ok who may call: anybody on this machine (127.0.0.1)"]);
    expect(await findings("authentication", '[server]\nhost = "0.0.0.0"', true)).toEqual([
      "warning who may call: anybody who reaches 0.0.0.0, without authentication",
    ]);
    const file = join(directory, "auth.toml");
    const text = `[auth]\nenabled = true\nconfig_path = "${file}"`;
    expect(await findings("authentication", text)).toEqual([
      "failure who may call: auth.enabled is true, and D/auth.toml cannot be read: there is no such file or folder",
    ]);
    writeFileSync(file, "[[api_keys]]\nnam = 3\n");
    expect(await findings("authentication", text)).toEqual([
      expect.stringMatching(/^failure who may call: D\/auth\.toml:\d: /),
    ]);
  });

  test("the trail: where it is, or that it is lost at exit", async () => {
    expect(await findings("audit", "[audit]\nenabled = false")).toEqual(["warning trail: none is kept"]);
    expect(await findings("audit", '[state]\nbackend = "memory"')).toEqual([
      "warning trail: kept in this process, and forgotten at exit",
    ]);
    expect(await findings("audit", `[audit]\nmode = "required"\npath = "${directory}/audit.db"`)).toEqual([
      "ok trail: sqlite at D/audit.db, of this machine, required",
      "ok folder: D can be written",
    ]);
  });
});

describe("state on this machine", () => {
  test("has a folder that can be written, or will be made", async () => {
    expect(await findings("state", `[state]\npath = "${directory}/data/acteon"`)).toEqual([
      "ok folder: D/data/acteon is made at the first start",
    ]);
    writeFileSync(join(directory, "data"), "");
    expect(await findings("state", `[state]\npath = "${directory}/data/acteon"`)).toEqual([
      "failure folder: D/data is no folder",
    ]);
  });

  test.skipIf(process.getuid?.() === 0)("is a failure where the folder cannot be written", async () => {
    mkdirSync(join(directory, "data"));
    chmodSync(join(directory, "data"), 0o500);
    expect(await findings("state", `[state]\npath = "${directory}/data"`)).toEqual([
      "failure folder: D/data cannot be written",
    ]);
  });

  test("promises what its class does, and says what not", async () => {
    const promises = async (text: string) => (await examined(text)).filter(({ kind }) => kind === "promise");
    expect(await promises('[state]\nbackend = "memory"')).toMatchObject([
      {
        part: "state",
        backend: "memory",
        durability: "process",
        notPromised: ["anything after exit", "a second gateway"],
      },
    ]);
    const [lax] = await promises("");
    const [sync] = await promises("[state]\nsync = true");
    expect(lax).toMatchObject({ notPromised: ["more than one host", "the last moments before a power loss"] });
    expect(sync).toMatchObject({ durability: "host", notPromised: ["more than one host"] });
  });

  test("beside a store of locks: each is looked at, and each promises", async () => {
    const text = `[state]\nbackend = "memory"\n[lock]\nbackend = "embedded"\npath = "${directory}/locks"`;
    expect(await findings("lock", text)).toEqual(["ok folder: D/locks is made at the first start"]);
    const promises = (await examined(text)).filter(({ kind }) => kind === "promise");
    expect(promises).toMatchObject([
      { part: "state", backend: "memory" },
      { part: "lock", backend: "embedded", durability: "host" },
    ]);
  });

  test("weaker than state.require is a failure", async () => {
    const strong = '[state]\nrequire = "strong"';
    expect(await findings("state", strong)).toContain(
      'failure class: state.require = "strong" asks for strong, and this store is of class host',
    );
    expect(await findings("state", strong.replace("strong", "host"))).toHaveLength(1);
  });
});
