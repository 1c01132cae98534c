import { brotliDecompress, gunzip, inflate, zstdDecompress } from "node:zlib";
import type { ReplyBody } from "./http.ts";

/**
 * Undoes one content coding (RFC 9110 §8.4.1). Decoding stops at the bound, so that a small body which unfolds to
 * gigabytes costs no more than one that was sent as it is (guarantees S4).
 */
export function decodeBody(
  bytes: Uint8Array,
  coding: string | readonly string[],
  maxBytes: number,
  done: (body: ReplyBody) => void,
): void {
  const decode = typeof coding === "string" ? decoders.get(coding.trim().toLowerCase()) : undefined;
  if (decode === undefined) return done({ kind: "undecodable" });
  decode(bytes, { maxOutputLength: maxBytes }, (error, decoded) => {
    if (error === null) return done({ kind: "whole", bytes: decoded });
    const tooLarge = "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    done({ kind: tooLarge ? "too_large" : "undecodable" });
  });
}

type Decoder = (
  bytes: Uint8Array,
  options: { readonly maxOutputLength: number },
  done: (error: Error | null, decoded: Buffer) => void,
) => void;

const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  ["deflate", inflate],
  ["br", brotliDecompress],
  ["zstd", zstdDecompress],
  ["identity", (bytes, _options, done) => done(null, Buffer.from(bytes))],
]);
