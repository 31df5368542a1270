/** The floor: `node:http` that reads the body and answers 201 with the bytes of a transaction, and does nothing else. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  request.on('data', () => undefined);
  request.on('end', () => {
    const body =
      `{"transactionExternalId":"${randomUUID()}","transactionType":{"name":"TRANSFER"},"transactionStatus":{"name":"PENDING"}` +
      `,"value":120.25,"createdAt":"${new Date().toISOString()}","decision":null,"reasons":[],"version":1}`;
    response.writeHead(201, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.send?.({ port: address.port });
});
process.on('disconnect', () => process.exit());
