import { Worker } from "node:worker_threads";

const loop = `
const { parentPort } = require("node:worker_threads");
parentPort.on("message", () => {
  const cpu = process.threadCpuUsage();
  const started = performance.now();
  let x = 1;
  for (let i = 0; i < 6e7; i++) x = (x * 1103515245 + 12345) & 0x7fffffff;
  const { user, system } = process.threadCpuUsage(cpu);
  parentPort.postMessage({ wallMs: performance.now() - started, cpuMs: (user + system) / 1000, x });
});`;

/** How much of the machine is ours just now: wall ÷ CPU of a fixed loop on two threads, 1 when nobody else runs. */
export class Calibration {
  readonly #workers = [new Worker(loop, { eval: true }), new Worker(loop, { eval: true })];

  async measure(): Promise<number> {
    const rounds = await Promise.all(
      this.#workers.map(
        (worker) =>
          new Promise<{ wallMs: number; cpuMs: number }>((resolve) => {
            worker.once("message", resolve);
            worker.postMessage("go");
          }),
      ),
    );
    return Math.max(...rounds.map(({ wallMs, cpuMs }) => wallMs / cpuMs));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
