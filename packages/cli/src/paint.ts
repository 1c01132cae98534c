/** Colours a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export type Style = keyof typeof ansi;

const ansi = { strong: "1", dim: "2", good: "32", bad: "31", warn: "33", name: "36", selected: "7" } as const;

export const plain: Paint = (_style, text) => text;
export const painted: Paint = (style, text) => `\u001b[${ansi[style]}m${text}\u001b[0m`;

export const colourModes = ["auto", "always", "never"] as const;
export type ColourMode = (typeof colourModes)[number];

/**
 * Does a stream get colour (`ux.md` §4.1)? Asked for by the flag, else by the environment, else if a person looks at it.
 * @see https://no-color.org, https://force-color.org
 */
export function wantsColour(
  mode: ColourMode,
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (mode !== "auto") return mode === "always";
  if (isSet(environment["NO_COLOR"])) return false;
  if (isSet(environment["FORCE_COLOR"])) return environment["FORCE_COLOR"] !== "0";
  return isTerminal && environment["TERM"] !== "dumb" && !isSet(environment["CI"]);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

/** Whatever could move a cursor, change a colour or end the line, as a picture (guarantees §8 row 76). */
export function visible(text: string): string {
  return text.replace(/\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]/gu, (character) => {
    const unit = character.charCodeAt(0);
    return unit < 0x20 ? String.fromCharCode(0x2400 + unit) : "\ufffd";
  });
}
