import { setTimeout as sleep } from "node:timers/promises";
import { encodeAuditBatch } from "../audit-batch.ts";
import { exampleRecords } from "./example-records.ts";
import type { TrailModule } from "./subject.ts";

/**
 * Another process on a trail: `node append-process.ts <module> <place> <first> <batches> <size>` appends batches of
 * examples, numbered from `first`, and writes a line once each is durable. Then it waits to be killed.
 */
const [module = "", place = "", ...numbers] = process.argv.slice(2);
const [first = 0, batches = 0, size = 0] = numbers.map(Number);
const { openTrail } = (await import(module)) as TrailModule;
const store = await openTrail(place);
for (let batch = 0; batch < batches; batch++) {
  await store.append(encodeAuditBatch(exampleRecords(size, () => ({}), first + batch * size)));
  process.stdout.write("durable\n");
}
await sleep(60_000);
