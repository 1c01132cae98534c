import { openTestGateway, RecordingProvider, success, input, action } from "./test-gateway.ts";
import type { Provider } from "@acteon/provider";
const p: Provider = { name: "console", dedup: {kind:"none"}, onAmbiguous: "retry", execute: () => success, healthCheck: async () => ({kind:"healthy"}), close: async () => {} };
const g = openTestGateway({ providers: [p] });
let n = 0;
const mk = () => ({ id: crypto.randomUUID(), namespace: "prod", tenant: "t" + (n % 200), provider: "console", actionType: "alert", payload: { service: "api", message: "m".repeat(150) }, ...(n++ % 10 === 0 ? { dedupKey: "k" + n } : {}) });
const batches = Array.from({ length: 3000 }, () => Array.from({ length: 100 }, mk));
async function run(bs: any[]) { let i = 0; const kinds: any = {}; await Promise.all(Array.from({ length: 8 }, async () => { while (i < bs.length) { const r = await g.dispatchBatch(bs[i++]); for (const x of r) { const k = x.kind === "outcome" ? x.outcome.kind : x.error.message; kinds[k] = (kinds[k] ?? 0) + 1; } } })); return kinds; }
await run(batches.slice(0, 500));
const c0 = process.cpuUsage(); const t = performance.now();
const k = await run(batches.slice(500)); const dt = performance.now() - t; const c = process.cpuUsage(c0);
console.log(k, (2500 * 100 / dt * 1000 | 0) + "/s", ((c.user + c.system) / 250000).toFixed(2) + " µs cpu/action", g.metrics().counters);
const singles = Array.from({ length: 200000 }, mk); let j = 0;
const t2 = performance.now();
await Promise.all(Array.from({ length: 64 }, async () => { while (j < singles.length) await g.dispatch(singles[j++]); }));
console.log("single64", (200000 / (performance.now() - t2) * 1000 | 0) + "/s");
await g[Symbol.asyncDispose]();
