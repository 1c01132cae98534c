import type { AuditStore } from "../audit-store.ts";

/** An audit store, and how the suite gets hold of it. */
export interface AuditSubject {
  readonly name: string;
  /** A store on an empty trail that no other test uses. */
  readonly open: () => Promise<AuditStore>;
  /** For trails that outlive their process. */
  readonly durable?: DurableTrail;
}

export interface DurableTrail {
  /** A module that exports `openTrail(place: string): Promise<AuditStore>`: this process and others open the trail with it. */
  readonly module: string;
  /** Where an empty trail may be, for `openTrail`. */
  readonly newPlace: () => Promise<string>;
}

export interface TrailModule {
  readonly openTrail: (place: string) => Promise<AuditStore>;
}
