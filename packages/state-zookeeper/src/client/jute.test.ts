import fc from "fast-check";
import { expect, test } from "vitest";
import { JuteReader } from "./jute-reader.ts";
import { JuteWriter } from "./jute-writer.ts";

const text = fc.string({ unit: "binary", maxLength: 40_000 }).filter((value) => value.isWellFormed());

test("what was written, in however many frames and pieces, is read back", () => {
  const frame = fc.record({
    int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    long: fc.nat(Number.MAX_SAFE_INTEGER),
    text,
    bytes: fc.uint8Array(),
    flag: fc.boolean(),
    taken: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(frame, { minLength: 1, maxLength: 8 }), (frames) => {
      const writer = new JuteWriter();
      const pieces: Buffer[] = [];
      for (const { int, long, text: written, bytes, flag, taken } of frames) {
        const begun = writer.beginFrame();
        writer.int(int);
        writer.long(long);
        writer.text(written);
        writer.buffer(bytes);
        writer.boolean(flag);
        writer.endFrame(begun);
        if (taken) pieces.push(writer.take());
      }
      pieces.push(writer.take());
      const reader = new JuteReader(Buffer.concat(pieces));
      for (const { int, long, text: written, bytes, flag } of frames) {
        reader.skip(4);
        expect([reader.int(), reader.long(), reader.text()]).toEqual([int, long, written]);
        expect([Uint8Array.from(reader.buffer()), reader.boolean()]).toEqual([bytes, flag]);
      }
    }),
  );
});

test("the length of a frame is that of what is in it", () => {
  const writer = new JuteWriter();
  for (const size of [0, 10, 70_000]) {
    const begun = writer.beginFrame();
    writer.raw(Buffer.alloc(size));
    writer.endFrame(begun);
    expect(writer.take().readInt32BE(0)).toBe(size);
  }
});
