/** The lines of `console` providers, where nobody says otherwise. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
