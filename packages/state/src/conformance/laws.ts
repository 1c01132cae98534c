import { commandLaws } from "./command-laws.ts";
import { countLaws } from "./count-laws.ts";
import { dueLaws } from "./due-laws.ts";
import { durabilityLaws } from "./durability-laws.ts";
import { expiryLaws } from "./expiry-laws.ts";
import { groupLaws } from "./group-laws.ts";
import { guardLaws } from "./guard-laws.ts";
import { historyLaws } from "./history-laws.ts";
import type { Law } from "./law.ts";
import { leaseLaws } from "./lease-laws.ts";
import { listLaws } from "./list-laws.ts";
import { scanLaws } from "./scan-laws.ts";
import { valueLaws } from "./value-laws.ts";
import { watchLaws } from "./watch-laws.ts";

/** Every promise of the store and of guarantees L1-L9 (T1, T2), by subject. */
export const stateLaws: Readonly<Record<string, readonly Law[]>> = {
  groups: groupLaws,
  values: valueLaws,
  expiry: expiryLaws,
  counts: countLaws,
  lists: listLaws,
  "due indexes": dueLaws,
  scans: scanLaws,
  watch: watchLaws,
  leases: leaseLaws,
  guards: guardLaws,
  durability: durabilityLaws,
  "random commands": commandLaws,
  histories: historyLaws,
};
