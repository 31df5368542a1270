/** `npm run try -- [url]`: posts a handful of transactions to a running Verdict and prints what the stream says of them. */
import { parseArgs } from 'node:util';

import { EventStream } from './run/event-stream.ts';
import { parseTransaction, post } from './run/client.ts';

const { values, positionals } = parseArgs({ options: { key: { type: 'string' } }, allowPositionals: true });
const url = (positionals[0] ?? `http://127.0.0.1:${process.env['PORT'] ?? 3000}`).replace(/\/$/, '');
const headers: Readonly<Record<string, string>> =
  values.key === undefined ? {} : { authorization: `Bearer ${values.key}` };
const amounts = [120, 1000, 1000.01, '15.50', 25_000];
const limitMs = 15_000;

const posted: string[] = [];
const decided = new Set<string>();
const done = Promise.withResolvers<void>();
await using stream = new EventStream({
  urls: [url],
  headers,
  onFrame: ({ event, data }) => {
    const { transactionExternalId, transactionStatus, value, reasons } = parseTransaction(data);
    console.log(
      `${event.padEnd(20)} ${transactionExternalId}  ${transactionStatus.name.padEnd(8)} ${value} ${reasons.join()}`,
    );
    if (transactionStatus.name !== 'PENDING') decided.add(transactionExternalId);
    look();
  },
});
const limit = setTimeout(() => done.reject(new Error(`not all were decided within ${limitMs} ms`)), limitMs);
try {
  await reachable();
  for (const value of amounts) {
    const { status, text } = await post(url, { value, headers });
    if (status !== 201) throw new Error(`POST answered ${status}: ${text}`);
    posted.push(parseTransaction(text).transactionExternalId);
  }
  look();
  await done.promise;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  clearTimeout(limit);
}

/** A decision may come before the answer to its POST. */
function look(): void {
  if (posted.length === amounts.length && posted.every((id) => decided.has(id))) done.resolve();
}

async function reachable(): Promise<void> {
  const answer = await fetch(`${url}/health/live`).catch(() => undefined);
  if (answer === undefined)
    throw new Error(`nothing answers at ${url}: start Verdict first (npm start), or name its URL`);
  const unheard = AbortSignal.timeout(5_000);
  await Promise.race([
    stream.opened,
    new Promise((_, reject) => {
      unheard.addEventListener('abort', () =>
        reject(new Error(`the stream refused: ${stream.refusals[0] ?? 'no answer'}`)),
      );
    }),
  ]);
}
