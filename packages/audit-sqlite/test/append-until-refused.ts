import { encodeAuditBatch } from "@acteon/audit";
import { exampleRecords } from "@acteon/audit/conformance";
import { ActeonError } from "@acteon/core";
import { openTrail } from "./open-trail.ts";

/** `node append-until-refused.ts <path>`: appends until an append is refused; says how many records were durable, and the code. */
const [path = ""] = process.argv.slice(2);
const store = await openTrail(path);
for (let durable = 0; ; durable += 50) {
  try {
    await store.append(encodeAuditBatch(exampleRecords(50, () => ({}), durable)));
  } catch (error) {
    process.stdout.write(JSON.stringify({ durable, code: error instanceof ActeonError ? error.code : String(error) }));
    process.exit();
  }
}
