/** The least that a server can do, in a process of its own: answers everything with the bytes it was given on stdin, and prints its address as JSON. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

const body = await buffer(process.stdin);
const server = createServer((_request, response) =>
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body),
);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
});
