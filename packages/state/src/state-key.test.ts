import { DataDamagedError, digest } from "@acteon/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scopeOf } from "./conformance/fixtures.ts";
import { anyKey, anyTwoKeys } from "./conformance/generated-keys.ts";
import { collapsedHash, hashOfKeyText, keyKinds, parseStateKey, stateKey } from "./state-key.ts";
import type { StateKey } from "./state-key.ts";

/** What a key stands for, as JSON: an absent component is `null`, an empty one `""`. */
export function tupleOf({ kind, scope, id }: StateKey): string {
  return JSON.stringify([kind, scope.namespace, scope.tenant ?? null, ...id.map((each) => each ?? null)]);
}

describe("K1: the text of a key", () => {
  test("gives the tuple back", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(parseStateKey(key.fullText)).toEqual(key);
      }),
    );
  });

  test("is shared by no two tuples, however their components are cut", () => {
    fc.assert(
      fc.property(anyTwoKeys, ([a, b]) => {
        expect(a.fullText === b.fullText).toBe(tupleOf(a) === tupleOf(b));
        expect(a.text === b.text).toBe(tupleOf(a) === tupleOf(b));
      }),
      { numRuns: 2_000 },
    );
  });

  test("has as many components as its kind says, of harmless characters only", () => {
    fc.assert(
      fc.property(anyKey, ({ kind, fullText }) => {
        const components = fullText.split("/");
        expect(components).toHaveLength(4 + keyKinds[kind]);
        for (const component of components) expect(component).toMatch(/^(=-|=_|([A-Za-z0-9_-]|=[0-9A-F]{2})+)$/);
      }),
    );
  });

  test("tells the hash that the key has, and of a collapsed key the one that they share", () => {
    fc.assert(
      fc.property(anyKey, ({ text, fullText, hash }) => {
        expect(hashOfKeyText(text)).toBe(text === fullText ? hash : collapsedHash);
      }),
      { numRuns: 2_000 },
    );
  });

  test("a text that no key has is refused, whatever it is", () => {
    const key = stateKey(scopeOf("n", "t"), "state", "a");
    for (const text of [
      "",
      "v1",
      "v2/state/n/t/a",
      "v1/state/n/t",
      "v1/state/n/t/a/b",
      "v1/lock/n/t/a",
      "v1/nothing/n/t/a",
    ])
      expect(() => parseStateKey(text)).toThrow(DataDamagedError);
    for (const text of [
      "v1/toString/n/t/a",
      "v1/state/n/t/=2f",
      "v1/state/n/t/=41",
      "v1/state/n//a",
      "v1/state/n/t/a b",
    ])
      expect(() => parseStateKey(text)).toThrow(DataDamagedError);
    expect(parseStateKey(key.text)).toEqual(key);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => parseStateKey(`v1/state/${text}`)).toSatisfy(refusesOrComesBack(`v1/state/${text}`));
      }),
    );
  });
});

function refusesOrComesBack(text: string): (parse: () => StateKey) => boolean {
  return (parse) => {
    try {
      return parse().fullText === text;
    } catch (error) {
      return error instanceof DataDamagedError;
    }
  };
}

describe("K3: a key over 400 bytes", () => {
  const scope = scopeOf("n", "t");
  const longest = stateKey(scope, "state", "a".repeat(400 - "v1/state/n/t/".length));
  const tooLong = stateKey(scope, "state", "a".repeat(401 - "v1/state/n/t/".length));

  test("collapses, and one of 400 bytes does not", () => {
    expect(longest.text).toBe(longest.fullText);
    expect(tooLong.text).toBe(`v1/state/n/t/=h${digest(tooLong.fullText, "base32")}`);
    expect(tooLong.text).toMatch(/=h[A-Z2-7]{52}$/);
  });

  test("keeps its tuple in the full text, and the collapsed text is no tuple", () => {
    expect(parseStateKey(tooLong.fullText)).toEqual(tooLong);
    expect(() => parseStateKey(tooLong.text)).toThrow(DataDamagedError);
  });

  test("collapses to another text for another id, kind or tenant", () => {
    const id = "é".repeat(200);
    const texts = [
      stateKey(scope, "state", id),
      stateKey(scope, "state", `${id}x`),
      stateKey(scope, "dedup", id),
      stateKey(scopeOf("n", undefined), "state", id),
      stateKey(scope, "lock", id, undefined),
      stateKey(scope, "lock", id, ""),
    ].map(({ text }) => text);
    expect(new Set(texts).size).toBe(texts.length);
  });
});
