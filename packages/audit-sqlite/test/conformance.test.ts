import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeAuditStore } from "@acteon/audit/conformance";
import { openSqliteAudit } from "@acteon/audit-sqlite";
import { afterAll, beforeAll } from "vitest";

let directory: string;
let trails = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "acteon-audit-"));
});
afterAll(() => rm(directory, { recursive: true }));

function newPath(): string {
  trails += 1;
  return join(directory, `${trails}.db`);
}

describeAuditStore({
  name: "sqlite",
  open: () => openSqliteAudit({ path: newPath() }),
  durable: { module: import.meta.resolve("./open-trail.ts"), newPlace: async () => newPath() },
});
