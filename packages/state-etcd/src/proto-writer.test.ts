import fc from "fast-check";
import { expect, test } from "vitest";
import { ProtoReader } from "./proto-reader.ts";
import { ProtoWriter } from "./proto-writer.ts";

test("whatever is written is read again, through all the growth of the buffer", () => {
  const field = fc.integer({ min: 1, max: 2_000 });
  const value = fc.oneof(
    fc.maxSafeNat(),
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(field, value)), field, (fields, around) => {
      const writer = new ProtoWriter(8);
      for (const [number, each] of fields.toReversed())
        if (typeof each === "number") writer.int(number, each);
        else if (typeof each === "string") writer.text(number, each);
        else writer.bytes(number, each);
      writer.enclose(around, 0);
      const reader = new ProtoReader(writer.finish());
      expect(reader.next()).toBe(around);
      const outer = reader.enter();
      for (const [number, each] of fields) {
        expect(reader.next()).toBe(number);
        if (typeof each === "number") expect(reader.int()).toBe(each);
        else if (typeof each === "string") expect(reader.text()).toBe(each.toWellFormed());
        else expect(reader.bytes()).toEqual(each);
      }
      expect(reader.next()).toBe(0);
      reader.leave(outer);
      expect(reader.next()).toBe(0);
    }),
  );
});

test("fields that nobody asks for are skipped, of whatever type", () => {
  const bytes = Buffer.concat([
    Buffer.from([0x08, 0xff, 0x01]), // 1: varint
    Buffer.from([0x11, 1, 2, 3, 4, 5, 6, 7, 8]), // 2: 64 bits
    Buffer.from([0x1a, 2, 0x61, 0x62]), // 3: bytes
    Buffer.from([0x25, 1, 2, 3, 4]), // 4: 32 bits
    Buffer.from([0x28, 7]), // 5: varint
  ]);
  const reader = new ProtoReader(bytes);
  for (let field = reader.next(); field !== 5; field = reader.next()) reader.skip();
  expect(reader.int()).toBe(7);
});
