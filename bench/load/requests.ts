/** The requests of a load, as bytes: each has a key of its own; accounts come from a pool that is the same in every run, and one value in ten is above the rules' limit. */
import { createHash, randomUUID } from 'node:crypto';

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

/** Each has its number; the load uses those from 0 on, all of them about as often. */
export function accountAt(number: number): string {
  const digest = createHash('md5').update(`account ${number}`).digest('hex');
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function getRequest(url: string, id: string): string {
  return `GET /transactions/${id} HTTP/1.1\r\nHost: ${url.slice('http://'.length)}\r\n\r\n`;
}

function makeBodies(): readonly string[] {
  const accounts = Array.from({ length: accountsInPool }, (_, index) => accountAt(index));
  return Array.from({ length: bodiesInPool }, (_, index) =>
    JSON.stringify({
      accountExternalIdDebit: accounts[(index * 2) % accountsInPool],
      accountExternalIdCredit: accounts[(index * 2 + 1) % accountsInPool],
      tranferTypeId: 1,
      value: index % 10 === 0 ? 1000.01 + index : 1 + (index % 997) + 0.25,
    }),
  );
}
