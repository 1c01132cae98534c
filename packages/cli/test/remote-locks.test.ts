import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RedisServer, serverOrSkip, startEtcd } from "@acteon/test-servers";
import { expect, test } from "vitest";
import { acteon, startActeon, temporaryFolder } from "./acteon.ts";
import { dispatch, onceRules } from "./dispatch-once.ts";

const redis = serverOrSkip("Redis", () => RedisServer.start());
const etcd = serverOrSkip("etcd", startEtcd);

test("[lock] in etcd beside [state] in Redis: two gateways, doctor of both, and no dispatch while locks are away (L9)", async () => {
  await using folder = await temporaryFolder();
  const [member] = etcd().members;
  await mkdir(join(folder.path, "rules"));
  await writeFile(join(folder.path, "rules/main.yaml"), onceRules);
  await writeFile(
    join(folder.path, "acteon.toml"),
    `[server]
port = 0
drain_delay_ms = 0
[state]
backend = "redis"
url = "redis://127.0.0.1:${redis().port}"
[lock]
backend = "etcd"
url = "etcd://127.0.0.1:${member?.port}"
call_timeout_ms = 1000
[rules]
directory = "rules"
watch = false
[audit]
enabled = false
[providers.console]
`,
  );
  const examined = await acteon(["doctor", "-o", "json"], { cwd: folder.path });
  expect(JSON.parse(examined.stdout)).toMatchObject({
    promises: [
      { part: "state", backend: "redis", durability: "host" },
      { part: "lock", backend: "etcd", durability: "host" },
    ],
  });

  await using one = startActeon(["serve"], { cwd: folder.path });
  await using two = startActeon(["serve"], { cwd: folder.path });
  const urls = [await one.line("http://"), await two.line("http://")] as const;
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => dispatch(urls[i % 2] as string, { id: `a-${i}`, n: i >> 2 })),
  );
  expect(answers.filter(({ text }) => text.startsWith('{"Executed"'))).toHaveLength(5);
  expect(answers.filter(({ text }) => text === '"Deduplicated"')).toHaveLength(15);
  expect(await (await fetch(`${urls[0]}/metrics`)).json()).toMatchObject({
    state: { backend: "redis", errors: {} },
    lock: { backend: "etcd", errors: {} },
  });

  await member?.kill();
  expect(await dispatch(urls[0], { id: "b", n: "b" })).toMatchObject({ status: 503 });
  await member?.start();
  await expect.poll(async () => (await dispatch(urls[0], { id: "c", n: "c" })).status).toBe(200);
}, 90_000);
