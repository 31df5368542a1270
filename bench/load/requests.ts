/** The requests of a load, as bytes: each has a key of its own; accounts come from a pool of 20,000, and one value in ten is above the rules' limit. */
import { randomUUID } from 'node:crypto';

const accountsInPool = 20_000;
const bodiesInPool = 5_000;

export function requestMaker(url: string): () => string {
  const bodies = makeBodies();
  const run = randomUUID();
  const { host } = new URL(url);
  let count = 0;
  return () => {
    count += 1;
    const body = bodies[count % bodies.length] ?? '';
    return (
      `POST /transactions HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n` +
      `Idempotency-Key: ${run}-${count}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    );
  };
}

export function getRequest(url: string, id: string): string {
  return `GET /transactions/${id} HTTP/1.1\r\nHost: ${url.slice('http://'.length)}\r\n\r\n`;
}

function makeBodies(): readonly string[] {
  const accounts = Array.from({ length: accountsInPool }, () => randomUUID());
  return Array.from({ length: bodiesInPool }, (_, index) =>
    JSON.stringify({
      accountExternalIdDebit: accounts[(index * 2) % accountsInPool],
      accountExternalIdCredit: accounts[(index * 2 + 1) % accountsInPool],
      tranferTypeId: 1,
      value: index % 10 === 0 ? 1000.01 + index : 1 + (index % 997) + 0.25,
    }),
  );
}
