import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { createAction, systemClock, systemRandom, unreachable } from "@acteon/core";
import type { Action } from "@acteon/core";
import { describe, expect, test } from "vitest";
import type { ProviderType } from "../define-provider.ts";
import { openHttp } from "../http/open-http.ts";
import { ProviderUnavailableError } from "../provider-errors.ts";
import type { Provider, ProviderResult } from "../provider.ts";
import { FakeService } from "./fake-service.ts";
import type { Behaviour, ReceivedRequest } from "./fake-service.ts";

/** A provider that speaks HTTP, and what its service is like. */
export interface ProviderSubject {
  readonly name: string;
  readonly type: ProviderType;
  /** The configuration that leads it to a service at `url`, an `http` URL on 127.0.0.1 without path. */
  readonly config: (url: string) => unknown;
  /** Texts of that configuration that must show in nothing that is thrown or returned. */
  readonly secrets: readonly [string, ...string[]];
  /** What the service says when it took the action. */
  readonly accepted: Extract<Behaviour, { kind: "reply" }>;
  /** Throws, as `expect` does, if the request is not what the service expects for the action. */
  readonly check: (request: ReceivedRequest, action: Action) => void;
  /** Where the request carries the idempotency key. */
  readonly keyOf: (request: ReceivedRequest) => string | undefined;
  /** Laws that the provider cannot keep, with the reason; run all the same, and red once it can. */
  readonly knownGaps?: Readonly<Record<string, string>>;
}

/** The promises of `Provider`, tried on a service that keeps to its protocol and on one that does not. */
export function describeProvider(subject: ProviderSubject): void {
  const { name, accepted, knownGaps = {} } = subject;
  const law = (title: string, body: () => Promise<void>) => (title in knownGaps ? test.fails : test)(title, body);

  describe(`provider ${name}`, () => {
    law("sends what its service expects, and takes its acceptance for success", async () => {
      await using at = await open(subject);
      at.service.behave(accepted);
      const action = exampleAction("1");
      const result = await at.execute({ action });
      expect(result).toMatchObject({ kind: "answered", response: { status: "success" } });
      expect(at.service.requests).toHaveLength(1);
      subject.check(at.service.requests[0]!, action);
    });

    law("carries one idempotency key over all attempts of an execution, another for another (G3)", async () => {
      await using at = await open(subject);
      at.service.behave({ kind: "reset" }, accepted);
      await expect(at.execute({ key: "KEY1", number: 1 })).rejects.toThrow(ProviderUnavailableError);
      await at.execute({ key: "KEY1", number: 2 });
      await at.execute({ key: "KEY2", number: 1 });
      expect(at.service.requests.map(subject.keyOf)).toEqual(["KEY1", "KEY1", "KEY2"]);
    });

    law("answers calls that run side by side each with its own reply", async () => {
      await using at = await open(subject);
      at.service.behave(accepted);
      const actions = Array.from({ length: 32 }, (_, i) => exampleAction(String(i)));
      const results = await Promise.all(actions.map((action) => at.execute({ action, key: action.id })));
      expect(results.every(({ kind }) => kind === "answered")).toBe(true);
      expect(new Set(at.service.requests.map(subject.keyOf))).toEqual(new Set(actions.map(({ id }) => id)));
    });

    law("takes 429 for a refusal that may be retried, after the time asked for (O4)", async () => {
      await using at = await open(subject);
      at.service.behave({ kind: "reply", status: 429, headers: { "retry-after": "7" } });
      const result = await at.execute({});
      expect(result).toMatchObject({ kind: "rejected", retry: { kind: "after", delayMs: 7_000 } });
      expect(result).toMatchObject({ failure: { code: "RATE_LIMITED", retryable: true } });
    });

    law("takes an error status for an answer, never for silence (G4)", async () => {
      await using at = await open(subject);
      for (const status of [400, 404, 500, 503]) {
        at.service.behave({ kind: "reply", status, body: "no" });
        expect(succeeded(await at.execute({})), String(status)).toBe(false);
      }
    });

    law("does not follow a redirect (S4)", async () => {
      await using at = await open(subject);
      at.service.behave({ kind: "reply", status: 307, headers: { location: `${at.service.url}/elsewhere` } }, accepted);
      expect(succeeded(await at.execute({}))).toBe(false);
      expect(at.service.requests).toHaveLength(1);
    });

    law("says of a refused connection that nothing was sent (G4)", async () => {
      await using at = await open(subject);
      await at.service[Symbol.asyncDispose]();
      await expect(at.execute({})).rejects.toMatchObject({ reason: "connection", sent: false });
    });

    law("says of a connection that broke after the request that it may have been sent (G4)", async () => {
      await using at = await open(subject);
      at.service.behave({ kind: "reset" });
      await expect(at.execute({})).rejects.toMatchObject({ reason: "connection", sent: true });
    });

    law("takes what is no HTTP for a broken connection (G4)", async () => {
      await using at = await open(subject);
      at.service.behave({ kind: "garbage" });
      await expect(at.execute({})).rejects.toMatchObject({ reason: "connection", sent: true });
    });

    law("waits for the first byte no longer than it may (S4)", async () => {
      await using at = await open(subject);
      at.service.behave({ kind: "silence" });
      await expect(at.execute({})).rejects.toMatchObject({ reason: "timeout", sent: true });
    });

    law("ends a call at once when its signal aborts, and says that it was sent", async () => {
      await using at = await open(subject);
      at.service.behave({ kind: "drip" });
      const call = new AbortController();
      const ended = expect(at.execute({ signal: call.signal })).rejects.toMatchObject({ sent: true });
      await expect.poll(() => at.service.requests.length).toBe(1);
      call.abort();
      await ended;
      await expect.poll(() => at.service.connections()).toBe(0);
    });

    law("sends nothing when its signal has aborted before", async () => {
      await using at = await open(subject);
      await expect(at.execute({ signal: AbortSignal.abort() })).rejects.toMatchObject({ sent: false });
      expect(at.service.requests).toEqual([]);
    });

    law("cuts a reply without end, and one that unfolds to a gigabyte (S4)", async () => {
      await using at = await open(subject);
      const headers = { "content-encoding": "gzip", "content-type": "application/json" };
      const behaviours: Behaviour[] = [{ kind: "flood" }, { kind: "reply", status: 200, headers, body: gzipBomb() }];
      for (const behaviour of behaviours) {
        at.service.behave(behaviour);
        const before = process.memoryUsage().arrayBuffers;
        const result = await at.execute({});
        expect(succeeded(result), behaviour.kind).toBe(false);
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1_048_576);
        if (behaviour.kind === "flood") await expect.poll(() => at.service.connections()).toBe(0);
      }
    });

    law("is healthy while its service answers, and unhealthy when it is gone", async () => {
      await using at = await open(subject);
      at.service.behave(accepted);
      const signal = AbortSignal.timeout(5_000);
      expect(await at.provider.healthCheck({ signal })).toEqual({ kind: "healthy" });
      await at.service[Symbol.asyncDispose]();
      expect(await at.provider.healthCheck({ signal })).toMatchObject({ kind: "unhealthy" });
    });

    law("shows its secrets in nothing that it throws or returns, though the service repeats them (S6)", async () => {
      await using at = await open(subject);
      const echo = subject.secrets.join(" ");
      const shown: unknown[] = [];
      const behaviours: Behaviour[] = [
        { kind: "reset" },
        { kind: "garbage" },
        { kind: "silence" },
        { kind: "reply", status: 500, headers: { "x-echo": echo } },
        { kind: "reply", status: 302, headers: { location: `https://example.com/?${encodeURIComponent(echo)}` } },
      ];
      for (const behaviour of behaviours) {
        at.service.behave(behaviour);
        shown.push(await at.execute({}).catch((error: unknown) => error));
      }
      await at.service[Symbol.asyncDispose]();
      shown.push(await at.execute({}).catch((error: unknown) => error));
      shown.push(await at.provider.healthCheck({ signal: AbortSignal.timeout(5_000) }), at.provider);
      const text = shown.map((value) => inspect(value, { depth: 20, showHidden: true }) + JSON.stringify(value)).join();
      for (const secret of subject.secrets) expect(text.includes(secret)).toBe(false);
    });

    law("leaves no connection when it is closed, and fails what is under way", async () => {
      await using at = await open(subject);
      at.service.behave(accepted, { kind: "silence" });
      await at.execute({});
      const underWay = expect(at.execute({})).rejects.toMatchObject({ sent: true });
      await expect.poll(() => at.service.requests.length).toBe(2);
      await at.provider.close();
      await underWay;
      await expect.poll(() => at.service.connections()).toBe(0);
      await expect(at.execute({})).rejects.toMatchObject({ sent: false });
    });
  });
}

interface Call {
  readonly action?: Action;
  readonly key?: string;
  readonly number?: number;
  readonly signal?: AbortSignal;
}

interface Opened extends AsyncDisposable {
  readonly service: FakeService;
  readonly provider: Provider;
  execute(call: Call): Promise<ProviderResult>;
}

async function open({ name, type, config }: ProviderSubject): Promise<Opened> {
  const service = await FakeService.open();
  const provider = type.open(config(service.url), {
    name,
    http: openHttp({ clock: systemClock, limits: { firstByteTimeoutMs: 300 } }),
    clock: systemClock,
    random: systemRandom,
    print: () => {},
  });
  return {
    service,
    provider,
    async execute({ action = exampleAction("1"), key = "KEY", number = 1, signal = AbortSignal.timeout(10_000) }) {
      return provider.execute(action, { signal, idempotencyKey: key, number });
    },
    async [Symbol.asyncDispose]() {
      await provider.close();
      await service[Symbol.asyncDispose]();
    },
  };
}

function exampleAction(id: string): Action {
  const input = { namespace: "shop", tenant: "acme", provider: "example", actionType: "order.paid" };
  return createAction(
    { ...input, id, payload: { amount: 3, to: "Zoë" } },
    { clock: systemClock, random: systemRandom },
  );
}

function succeeded(result: ProviderResult): boolean {
  switch (result.kind) {
    case "answered":
      return result.response.status === "success";
    case "rejected":
      return false;
    default:
      return unreachable(result);
  }
}

/** A gigabyte of zeros in a megabyte: under the bound as it travels, a thousand times over it unfolded. */
function gzipBomb(): Uint8Array {
  const tenMegabytes = gzipSync(Buffer.alloc(10 * 1_048_576));
  // Members of a gzip file follow on one another (RFC 1952 §2.2).
  return Buffer.concat(Array<Uint8Array>(98).fill(tenMegabytes));
}
