import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lockKey } from "./action-key.ts";
import type { ActionKey } from "./action-key.ts";
import { idempotencyKeyOf } from "./idempotency-key.ts";
import type { ActionId, Namespace, TenantId } from "./ids.ts";
import { decodeComponent } from "./key-component.ts";

type Tuple = readonly [namespace: string, tenant: string | undefined, id: string, discriminator: string | undefined];

function keyOf([namespace, tenant, id, discriminator]: Tuple): ActionKey {
  return {
    namespace: namespace as Namespace,
    tenant: tenant as TenantId | undefined,
    id: id as ActionId,
    discriminator,
  };
}

/** Two tuples whose parts, put together with a separator, read the same: one text cut at different places. */
const resplit = fc
  .record({
    parts: fc.array(fc.string({ unit: fc.constantFrom("a", "b", ":", "/", "=", "_", "-", ".", "ü") }), {
      minLength: 4,
      maxLength: 8,
    }),
    separator: fc.constantFrom(":", "/", "=", "_", "-", "."),
    cuts: fc.array(fc.nat(7), { minLength: 6, maxLength: 6 }),
  })
  .map(({ parts, separator, cuts }): readonly [Tuple, Tuple] => {
    const tupleAt = (places: readonly number[]): Tuple => {
      const bounds = [0, ...places.map((place) => place % (parts.length + 1)).sort((a, b) => a - b), parts.length];
      const text = (i: number): string => parts.slice(bounds[i], bounds[i + 1]).join(separator);
      const optional = (i: number): string | undefined => (bounds[i] === bounds[i + 1] ? undefined : text(i));
      return [text(0), optional(1), text(2), optional(3)];
    };
    return [tupleAt(cuts.slice(0, 3)), tupleAt(cuts.slice(3))];
  });

describe("the key of an action (guarantees G5, K1)", () => {
  test("is its four parts by the key grammar", () => {
    expect(lockKey(keyOf(["shop", "acme.eu", "order:7", undefined]))).toBe("v1/lock/shop/acme=2Eeu/order=3A7/=-");
    expect(lockKey(keyOf(["shop", undefined, "7", ""]))).toBe("v1/lock/shop/=-/7/=_");
  });

  test("different identities never share a text, wherever a separator is cut or put", () => {
    fc.assert(
      fc.property(resplit, ([one, other]) => {
        const same = one.every((part, i) => part === other[i]);
        expect(lockKey(keyOf(one)) === lockKey(keyOf(other))).toBe(same);
      }),
      { numRuns: 5_000 },
    );
  });

  test("is parsed back into the tuple", () => {
    fc.assert(
      fc.property(resplit, ([tuple]) => {
        const [version, kind, ...components] = lockKey(keyOf(tuple)).split("/");
        expect([version, kind]).toEqual(["v1", "lock"]);
        expect(components.map(decodeComponent)).toEqual(tuple);
      }),
    );
  });

  test("`a`, `b:c` and `a:b`, `c` are two identities (§8 row 15)", () => {
    expect(lockKey(keyOf(["n", "t", "a", "b:c"]))).not.toBe(lockKey(keyOf(["n", "t", "a:b", "c"])));
  });

  test("an empty discriminator and none are two identities (§8 row 17)", () => {
    expect(lockKey(keyOf(["n", "t", "a", ""]))).not.toBe(lockKey(keyOf(["n", "t", "a", undefined])));
  });
});

describe("the idempotency key of an execution (guarantees G3)", () => {
  const key = keyOf(["shop", "acme", "order-7", undefined]);

  test("is the same for all attempts: 52 characters of base32, fixed for good", () => {
    expect(idempotencyKeyOf(key, "epoch-1", "main")).toBe(idempotencyKeyOf({ ...key }, "epoch-1", "main"));
    expect(idempotencyKeyOf(key, "epoch-1", "main")).toBe("YXUF2KM45D54R3FHHAEUBCTXVFAHA455OIZDP4R2UYKELV3AD3XA");
  });

  test("differs by identity, epoch and step, and not by where they are cut", () => {
    const keys = [
      idempotencyKeyOf(key, "1", "main"),
      idempotencyKeyOf(key, "2", "main"),
      idempotencyKeyOf(key, "1", "undo"),
      idempotencyKeyOf(key, "1/main", ""),
      idempotencyKeyOf(key, "", "1/main"),
      idempotencyKeyOf(keyOf(["shop", "acme", "order-7", "1"]), "main", ""),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
