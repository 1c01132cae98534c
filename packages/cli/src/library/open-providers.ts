import type { Clock, Random } from "@acteon/core";
import { openHttp } from "@acteon/provider";
import type { Provider } from "@acteon/provider";
import type { CreateGatewayOptions, ProviderInput } from "./create-gateway.ts";

interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly print: (line: string) => void;
}

/** @throws {ValidationError} A configuration is wrong. */
export function openProviders(
  providers: CreateGatewayOptions["providers"],
  surroundings: Surroundings,
): readonly Provider[] {
  if (isList(providers)) return providers;
  return Object.entries(providers).map(([name, input]) => openProvider(name, input, surroundings));
}

function isList(providers: CreateGatewayOptions["providers"]): providers is readonly Provider[] {
  return Array.isArray(providers);
}

function openProvider(name: string, input: ProviderInput, { clock, random, print }: Surroundings): Provider {
  if ("type" in input) {
    return input.type.open(input.config ?? {}, { name, clock, random, print, http: openHttp({ clock }) });
  }
  return {
    name,
    dedup: input.dedup ?? { kind: "none" },
    onAmbiguous: input.onAmbiguous ?? "retry",
    execute: (action, attempt) => input.execute(action, attempt),
    healthCheck: async (options) => (await input.healthCheck?.(options)) ?? { kind: "healthy" },
    close: async () => input.close?.(),
  };
}
