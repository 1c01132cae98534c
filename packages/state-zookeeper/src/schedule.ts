import type { SlotTable } from "./slot-table.ts";
import { Work } from "./work.ts";
import type { Unit } from "./work.ts";

/**
 * The order of this process's groups. Those that share a node take effect one after another, in their order: while the first is
 * on its way the others wait, and then travel together, so that a hot node costs a trip for all of them, not one for each.
 * Groups of one call that have nothing in common travel together as well, since a transaction costs the servers more than a
 * step of one; one that fails because of another process is taken apart (`Transaction`).
 */
export class Schedule {
  readonly #slots: SlotTable;
  readonly #run: (work: Work) => Promise<void>;

  constructor(slots: SlotTable, run: (work: Work) => Promise<void>) {
    this.#slots = slots;
    this.#run = run;
  }

  submit(units: readonly Unit[]): void {
    const added = new Set<Work>();
    // Those that can be sent at once do not wait for those that are to be read first.
    const bundles = new Map<boolean, Work>();
    for (const unit of units) {
      const before = worksBefore(unit);
      let work = before.length === 0 ? bundles.get(unit.needsReading) : joinable(before);
      if (work === undefined || !work.hasRoom) {
        work = new Work();
        if (before.length === 0) bundles.set(unit.needsReading, work);
      }
      for (const earlier of before) work.waitFor(earlier);
      work.add(unit);
      added.add(work);
    }
    for (const work of added) if (work.isReady) this.#start(work);
  }

  #start(work: Work): void {
    work.start();
    void this.#run(work).then(() => this.#ended(work));
  }

  #ended(work: Work): void {
    for (const slot of work.slots) {
      if (slot.tail !== work) continue;
      slot.tail = undefined;
      this.#slots.rest(slot);
    }
    for (const next of work.end()) this.#start(next);
  }
}

function worksBefore({ slots }: Unit): readonly Work[] {
  const works: Work[] = [];
  for (const { tail } of slots) if (tail !== undefined && !works.includes(tail)) works.push(tail);
  return works;
}

/**
 * The one work before the group that has not begun, if that makes neither two works wait for each other, nor a work wait that
 * did not have to.
 */
function joinable(before: readonly Work[]): Work | undefined {
  const [waiting, ...others] = before.filter(({ started }) => !started);
  if (waiting === undefined || others.length > 0) return undefined;
  return before.length === 1 || !waiting.isReady ? waiting : undefined;
}
