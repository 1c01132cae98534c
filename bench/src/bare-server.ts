import { createServer } from "node:http";

/** What no gateway can beat: `node:http` that parses the same bodies and answers each action the same way. */
const executed = '{"Executed":{"status":"success","body":{"provider":"console","logged":true},"headers":{}}}';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = JSON.parse(Buffer.concat(chunks).toString()) as unknown;
    const answer = Array.isArray(body) ? `[${body.map(() => executed).join(",")}]` : executed;
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(answer) });
    response.end(answer);
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" ? address?.port : ""}\n`);
});
