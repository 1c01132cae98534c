import type { Clock } from "@acteon/core";
import type { Paint } from "../paint.ts";
import { devFrame } from "./dev-frame.ts";
import { keysOf } from "./dev-keys.ts";
import type { DevEvent, DevState } from "./dev-state.ts";
import { nextState } from "./dev-state.ts";

export interface DevScreenOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly clock: Clock;
  readonly paint: Paint;
  /** Told of each key that is not typed into the filter, with the state before it. */
  readonly onKey: (key: string, state: DevState) => void;
}

/** At most so often is the screen drawn. */
const drawEveryMs = 40;

/** The terminal in raw mode, on its other screen: bytes in, frames out. Disposing gives it back as it was. */
export class DevScreen implements Disposable {
  readonly #options: DevScreenOptions;
  #state: DevState;
  #cancelDraw: (() => void) | undefined;

  constructor(initial: DevState, options: DevScreenOptions) {
    this.#state = initial;
    this.#options = options;
    const { stdin, stdout } = options;
    stdin.setRawMode(true);
    stdin.setEncoding("utf8");
    stdin.on("data", this.#onData);
    stdin.resume();
    stdout.on("resize", this.#drawSoon);
    stdout.write("\u001b[?1049h\u001b[?25l"); // the other screen, no cursor
    this.#draw();
  }

  apply(event: DevEvent): void {
    this.#state = nextState(this.#state, event);
    this.#drawSoon();
  }

  /** Hands a text to the terminal's clipboard, where it has one (OSC 52). */
  copy(text: string): void {
    this.#options.stdout.write(`\u001b]52;c;${Buffer.from(text).toString("base64")}\u0007`);
  }

  [Symbol.dispose](): void {
    const { stdin, stdout } = this.#options;
    this.#cancelDraw?.();
    stdin.off("data", this.#onData);
    stdin.setRawMode(false);
    stdin.pause();
    stdout.off("resize", this.#drawSoon);
    stdout.write("\u001b[?25h\u001b[?1049l");
  }

  readonly #onData = (bytes: Buffer | string): void => {
    for (const key of keysOf(String(bytes))) {
      const before = this.#state;
      this.apply({ kind: "key", key });
      if (!before.typing) this.#options.onKey(key, before);
    }
  };

  readonly #drawSoon = (): void => {
    this.#cancelDraw ??= this.#options.clock.after(drawEveryMs, () => this.#draw());
  };

  #draw(): void {
    this.#cancelDraw = undefined;
    const { paint, stdout } = this.#options;
    const frame = devFrame(this.#state, { columns: stdout.columns, rows: stdout.rows }, paint);
    // Each line is cleared behind its text, and the rest of the screen below: nothing flickers.
    stdout.write(`\u001b[H${frame.map((line) => `${line}\u001b[K`).join("\r\n")}\u001b[J`);
  }
}
