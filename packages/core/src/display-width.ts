/**
 * A line as it can be printed beside carets: each tab is four spaces, and what would move the cursor or change the
 * colour is shown as its picture (`ESC` as ␛), so that a file can do nothing to a terminal.
 */
export function printable(line: string): string {
  return line.replaceAll("\t", "    ").replace(/\p{Cc}|\p{Bidi_Control}/gu, pictureOf);
}

function pictureOf(character: string): string {
  const unit = character.charCodeAt(0);
  if (unit < 0x20) return String.fromCharCode(0x2400 + unit);
  return unit === 0x7f ? "\u2421" : "\ufffd";
}

/** How many cells of a terminal the text takes: wide characters two, what combines with the one before none. */
export function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of new Intl.Segmenter("en").segment(text)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  if (/^[\p{Mark}\p{Cf}]/u.test(grapheme)) return 0;
  return wide.test(grapheme) ? 2 : 1;
}

/** East Asian wide and full-width characters, and what is drawn as an emoji; not the half-width forms. */
const wide =
  /^(?![\uff61-\uffdc])[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|\ufe0f/u;
