/** Reads decisions off an event stream and tells the id and the moment of each; it looks for ids in the text and parses nothing, for it shares its process with the load. */
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';

const idLength = 36;
const mark = '"transactionExternalId":"';

export class DecisionStream implements AsyncDisposable {
  readonly #response: IncomingMessage;
  readonly #closed: Promise<void>;

  private constructor(response: IncomingMessage, onDecision: (id: string) => void, onBroken: () => void) {
    this.#response = response;
    response.setEncoding('latin1');
    let rest = '';
    response.on('data', (text: string) => {
      const whole = rest + text;
      const end = whole.lastIndexOf('\n\n');
      for (let at = whole.indexOf(mark); at >= 0 && at < end; at = whole.indexOf(mark, at + idLength)) {
        onDecision(whole.slice(at + mark.length, at + mark.length + idLength));
      }
      rest = end < 0 ? whole : whole.slice(end + 2);
    });
    response.on('error', () => undefined); // `close` follows.
    this.#closed = new Promise((resolve) => {
      response.on('close', () => {
        onBroken();
        resolve();
      });
    });
  }

  static open(url: string, onDecision: (id: string) => void, onBroken: () => void): Promise<DecisionStream> {
    return new Promise((resolve, reject) => {
      get(url, { headers: { accept: 'text/event-stream' } }, (response) => {
        if (response.statusCode === 200) {
          const stream = new DecisionStream(response, onDecision, onBroken);
          // The first bytes say that the place of the stream's beginning is fixed.
          response.once('data', () => resolve(stream));
        } else reject(new Error(`${url} answered ${response.statusCode}`));
      }).on('error', reject);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#response.destroy();
    await this.#closed;
  }
}
