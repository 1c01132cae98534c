import fc from "fast-check";
import { expect, test } from "vitest";
import { MinHeap } from "./min-heap.ts";

test("whatever is pushed and popped, the least comes first", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer(), { freq: 3 })), (steps) => {
      const heap = new MinHeap<number>((item) => item);
      let model: number[] = [];
      for (const step of steps) {
        if (step !== null) {
          heap.push(step);
          model = [...model, step].toSorted((a, b) => a - b);
        } else expect(heap.popLeast()).toBe(model.shift());
        expect(heap.least()).toBe(model[0]);
        expect(heap.size).toBe(model.length);
      }
    }),
  );
});
