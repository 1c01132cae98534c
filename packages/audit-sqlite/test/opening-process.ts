import { openTrailDatabase } from "../src/trail-database.ts";

/* A process that opens the trails that it is told, and says how that went. */

process.on("message", (path: string) => {
  try {
    openTrailDatabase({ path, sync: false, busyMs: 5_000 }).close();
    process.send?.("opened");
  } catch (error) {
    process.send?.(`${String(error)}: ${error instanceof Error ? String(error.cause) : ""}`);
  }
});
