const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Acteon needs Node 22.18 or newer, and this is ${process.versions.node}: run \`npm ci\` with optional dependencies, which brings one.\n`,
  );
  process.exit(2);
}
