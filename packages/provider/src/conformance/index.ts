export { describeProvider } from "./describe-provider.ts";
export type { ProviderSubject } from "./describe-provider.ts";
export { FakeService } from "./fake-service.ts";
export type { Behaviour, ReceivedRequest } from "./fake-service.ts";
