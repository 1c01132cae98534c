import { STATUS_CODES } from "./node-http.ts";
import type { Duplex } from "node:stream";
import { errorAnswer } from "./error-codec.ts";
import { RequestError } from "./request-error.ts";

/**
 * The answer to what node could not read as a request (guarantees §8 rows 32, 34, 35, 38), where there is no response
 * object to send it with. The connection ends: nobody knows where the next request would begin.
 *
 * @param code Of the error that node gave.
 */
export function refuseConnection(socket: Duplex, code: string | undefined, requestId: string): void {
  if (!socket.writable || code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const { status, body } = errorAnswer(reasonOf(code), requestId);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `x-request-id: ${requestId}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

function reasonOf(code: string | undefined): RequestError {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return new RequestError("headers_too_large", "the headers are too large");
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new RequestError("timeout", "the headers did not arrive in time");
    default:
      return new RequestError("bad_request", "that is no HTTP/1.1 request");
  }
}
