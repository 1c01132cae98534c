import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A loopback port for a server of a test. While this process lives no other caller gets it, whether a server listens there or
 * has been killed and is still to come back.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < maxTries; tries++) {
    const port = randomInt(firstPort, firstPort + portCount);
    if ((await isReserved(port)) && (await isFree(port))) return port;
  }
  throw new Error(`no port from ${firstPort} on is free`);
}

/** So many different ones. */
export function freePorts(count: number): Promise<readonly number[]> {
  return Promise.all(Array.from({ length: count }, freePort));
}

/** Systems give those from 32,768 on to whoever connects or listens anywhere: such a one would take the port of a server that is down. */
const firstPort = 20_000;
const portCount = 10_000;
const maxTries = 100;

/** Test files run side by side, and agree by this: who has the port of UDP may use that of TCP. It is given back when the process ends. */
async function isReserved(port: number): Promise<boolean> {
  const socket = createSocket("udp4").unref();
  try {
    socket.bind({ port, address: "127.0.0.1", exclusive: true });
    await once(socket, "listening");
    return true;
  } catch {
    socket.close();
    return false;
  }
}

/** Of somebody who knows nothing of that. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
    await once(server.close(), "close");
    return true;
  } catch {
    return false;
  }
}
