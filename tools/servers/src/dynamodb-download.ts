import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Amazon's DynamoDB Local, as this npm package carries it; its licence allows development and tests. */
const npmPackage = "amplify-dynamodb-simulator@2.9.30";
const integrity = "xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==";

/**
 * The folder of `DynamoDBLocal.jar`, fetched once per machine into `ACTEON_TEST_CACHE` (the user's cache unless said): 65 MB
 * are too much for every `npm ci`. `undefined`: the registry does not give it.
 * @throws {Error} It gives something else than what was pinned.
 */
export function dynamoDbLocal(): string | undefined {
  const cache =
    process.env["ACTEON_TEST_CACHE"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "acteon");
  const folder = join(cache, npmPackage);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, "fetching-"));
  try {
    const archive = fetched(scratch);
    if (archive === undefined) return undefined;
    execFileSync("tar", ["-xzf", archive, "-C", scratch, "package/emulator"]);
    moveOnce(join(scratch, "package", "emulator"), folder);
    return folder;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** The path of the package's archive, or `undefined` if it cannot be had. */
function fetched(folder: string): string | undefined {
  try {
    execFileSync("npm", ["pack", npmPackage, "--silent", "--pack-destination", folder], {
      cwd: folder,
      stdio: "ignore",
    });
  } catch {
    return undefined;
  }
  const archive = join(folder, `${npmPackage.replace("@", "-")}.tgz`);
  const digest = createHash("sha512").update(readFileSync(archive)).digest("base64");
  if (digest !== integrity) throw new Error(`${npmPackage} is not what was pinned: its SHA-512 is ${digest}`);
  return archive;
}

/** Whole or not at all: test files run side by side, and the first to be done wins. */
function moveOnce(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}
