import type { Durability } from "../state-store.ts";

declare module "vitest" {
  /** What a test of a suite tells `npm run conformance` besides its outcome. */
  interface TaskMeta {
    /** Figures that no law asks for. */
    note?: string;
    /** The class of the backend. */
    durability?: Durability;
    /** Name and version of its server. */
    server?: string;
  }
}
