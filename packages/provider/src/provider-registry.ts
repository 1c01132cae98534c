import type { Provider, ProviderHealth } from "./provider.ts";

/** The configured providers by name. Owns them: disposing closes each. */
export class ProviderRegistry implements AsyncDisposable {
  readonly #providers = new Map<string, Provider>();

  /** @throws {RangeError} A provider of that name is there already. */
  register(provider: Provider): void {
    if (this.#providers.has(provider.name)) throw new RangeError(`two providers named ${provider.name}`);
    this.#providers.set(provider.name, provider);
  }

  get(name: string): Provider | undefined {
    return this.#providers.get(name);
  }

  /** In the order of registration. */
  names(): readonly string[] {
    return [...this.#providers.keys()];
  }

  /** Asks all of them at once. A check that throws, as one that is aborted does, is `unhealthy`. */
  async healthCheck(options: { readonly signal: AbortSignal }): Promise<Readonly<Record<string, ProviderHealth>>> {
    const checks = [...this.#providers.values()].map(async (provider): Promise<[string, ProviderHealth]> => [
      provider.name,
      await healthOf(provider, options),
    ]);
    return Object.fromEntries(await Promise.all(checks));
  }

  /** Closes every provider, also when one fails to close. */
  async [Symbol.asyncDispose](): Promise<void> {
    const results = await Promise.allSettled([...this.#providers.values()].map((provider) => provider.close()));
    this.#providers.clear();
    const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
    if (errors.length > 0) throw new AggregateError(errors, "some providers did not close");
  }
}

async function healthOf(provider: Provider, options: { readonly signal: AbortSignal }): Promise<ProviderHealth> {
  try {
    return await provider.healthCheck(options);
  } catch (error) {
    return { kind: "unhealthy", reason: error instanceof Error ? error.message : String(error) };
  }
}
