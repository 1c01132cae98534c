import { once } from "node:events";
import { connect } from "node:net";
import type { Clock } from "@acteon/core";
import type { ServerAddress } from "./connection.ts";

/**
 * What a server answers to one of its four-letter words, such as `srvr`; a sentence where that word is not allowed.
 * @throws {Error} No answer in time.
 */
export async function fourLetterWord(
  { host, port }: ServerAddress,
  word: string,
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<string> {
  const socket = connect({ host, port });
  const cancel = clock.after(timeoutMs, () => socket.destroy(new Error(`no answer to ${word}`)));
  try {
    await once(socket, "connect");
    socket.write(word);
    let answer = "";
    for await (const data of socket) answer += String(data);
    return answer;
  } finally {
    cancel();
    socket.destroy();
  }
}
