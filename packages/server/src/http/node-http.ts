/**
 * `node:http`, without what an import of it brings along: the namespace of an imported module reads all its names, and some
 * are doors to Node's own undici, which a server has no use for: 5 MB of an idle one.
 */
export const { createServer, STATUS_CODES } = process.getBuiltinModule("node:http");
