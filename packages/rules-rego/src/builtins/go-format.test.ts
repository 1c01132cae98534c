import { expect, test } from "vitest";
import { formatGo } from "./go-format.ts";
import type { FormatArgument } from "./go-format.ts";

function int(value: number): FormatArgument {
  return { kind: "int", value: BigInt(value) };
}

function float(value: number): FormatArgument {
  return { kind: "float", value };
}

const big: FormatArgument = { kind: "big", value: 123_456_789_123_456_789_123n };

// What Go 1.26 prints for the same.
test.each<[format: string, args: readonly FormatArgument[], text: string]>([
  ["%d%%", [int(5)], "5%"],
  ["%5d|%-5d|%05d|%+d|% d", [int(42), int(42), int(-42), int(42), int(42)], "   42|42   |-0042|+42| 42"],
  [
    "%x %X %#x %o %#o %O %b %c %U %q",
    [int(255), int(255), int(255), int(8), int(8), int(8), int(5), int(65), int(0x1f600), int(10)],
    "ff FF 0xff 10 010 0o10 101 A U+1F600 '\\n'",
  ],
  ["%.3d|%6.3d|%.0d", [int(7), int(7), int(0)], "007|   007|"],
  [
    "%v %d %s %x %+v %T",
    [big, big, big, big, big, big],
    "123456789123456789123 123456789123456789123 123456789123456789123 6b14e9f9b0df36a83 +123456789123456789123 *big.Int",
  ],
  [
    "%f %.2f %8.3f %-8.1f| %+.1f %08.2f",
    [float(3.14159), float(2.5), float(2.5), float(2.5), float(2.5), float(-2.5)],
    "3.141590 2.50    2.500 2.5     | +2.5 -0002.50",
  ],
  ["%.0f %.0f %.1f", [float(0.5), float(1.5), float(0.25)], "0 2 0.2"],
  [
    "%e %.2E %g %.3g %G",
    [float(1234.5), float(1234.5), float(1e-7), float(1234.5), float(1e21)],
    "1.234500e+03 1.23E+03 1e-07 1.23e+03 1E+21",
  ],
  ["%v %v %v %v", [float(0.1), float(1234567.5), float(123456.5), float(0.00001)], "0.1 1.2345675e+06 123456.5 1e-05"],
  ["%.20g", [float(1e-7)], "9.9999999999999995475e-08"],
  ["%x %.2x %b", [float(3.14), float(3.14), float(2.5)], "0x1.91eb851eb851fp+01 0x1.92p+01 5629499534213120p-51"],
  ["%#g %#.0f", [float(1.5), float(2)], "1.50000 2."],
  ["%s|%6s|%-6s|%06s|%.2s", ["héé", "héé", "héé", "héé", "héé"], "héé|   héé|héé   |000héé|hé"],
  ["%q %#q %+q %#v", ['a"b\n', "a\tb", "é", "x"], '"a\\"b\\n" `a\tb` "\\u00e9" "x"'],
  ["%x % x %#x %X %.1x", ["hé", "hé", "hé", "hé", "hé"], "68c3a9 68 c3 a9 0x68c3a9 68C3A9 68"],
  ["%[2]s %[1]s %s", ["a", "b"], "b a b"],
  ["%*d|%-*d|%.*f", [int(4), int(7), int(4), int(7), int(1), float(2.55)], "   7|7   |2.5"],
  ["%T %T %T", [int(1), float(1.5), "x"], "int float64 string"],
  ["%d %d", ["x", float(1.5)], "%!d(string=x) %!d(float64=1.5)"],
  ["%t %s %z", ["true", int(1), big], "%!t(string=true) %!s(int=1) %!z(big.Int=123456789123456789123)"],
  ["%d %d", [int(1)], "1 %!d(MISSING)"],
  ["%d", [int(1), "x", float(2.5)], "1%!(EXTRA string=x, float64=2.5)"],
  ["%[3]d %[x]d %[1]2d", [int(1)], "%!d(BADINDEX) %!d(BADINDEX) %!d(BADINDEX)"],
  ["%*d %.*d", ["x", int(1), "y", int(2)], "%!(BADWIDTH)1 %!(BADPREC)2"],
  ["50%", [], "50%!(NOVERB)"],
  ["%!", [int(1)], "%!!(int=1)"],
])("%s", (format, args, expected) => {
  expect(formatGo(format, args)).toBe(expected);
});
