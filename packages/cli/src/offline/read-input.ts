import { readFile } from "node:fs/promises";
import type { Action, JsonValue } from "@acteon/core";
import { parseAction, parseJson, ValidationError, whyUnreadable } from "@acteon/core";
import type { CommandContext } from "../command.ts";
import { usageError } from "../command-error.ts";

/** More is refused: what a command reads it holds as a whole. */
export const maxInputBytes = 64 * 1024 * 1024;

/** The bytes of a file; `-` is standard input. @throws {CommandError} It cannot be read, or is too large. */
export async function readInput(file: string, { stdin }: Pick<CommandContext, "stdin">): Promise<Buffer> {
  const bytes = file === "-" ? await readStream(stdin) : await readNamed(file);
  if (bytes.length > maxInputBytes) throw usageError(`${shown(file)} has more than ${maxInputBytes} bytes`);
  return bytes;
}

async function readStream(stream: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    if (length > maxInputBytes) break;
  }
  return Buffer.concat(chunks);
}

async function readNamed(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw usageError(`${file} cannot be read: ${whyUnreadable(cause)}`, { cause });
  }
}

/** JSON within generous limits. @throws {CommandError} It is none: where, and what was expected there. */
export function parseInput(bytes: Uint8Array | string, file: string): JsonValue {
  const parsed = parseJson(bytes, { maxDepth: 128, maxNodes: 10_000_000 });
  if (parsed.kind === "parsed") return parsed.value;
  throw usageError(`${shown(file)} is not JSON that can be used: ${new ValidationError(parsed.problems).message}`);
}

/** @throws {ValidationError} It is no action (`wire-api.md` §3): all that is wrong with it. */
export function actionOf(value: JsonValue, nowMs: number): Action {
  const parsed = parseAction(value, { nowMs });
  if (parsed.kind === "rejected") throw new ValidationError(parsed.problems);
  return parsed.action;
}

function shown(file: string): string {
  return file === "-" ? "standard input" : file;
}
