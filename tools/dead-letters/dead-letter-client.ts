/** The part of Verdict's API that is about dead letters; what is not answered with 200 is an error that says what the problem says. */
import type { Filter, Place } from './arguments.ts';

export type Letter = Place & {
  readonly cause: string;
  readonly setAsideAt: string;
  readonly state: string;
  readonly key: { readonly base64: string; readonly text: string | null } | null;
};
export type Page = { readonly items: readonly Letter[]; readonly next: string | null };
export type Report = {
  readonly matched: number;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly letters: readonly (Place & { readonly outcome: string; readonly reason?: string })[];
  readonly next: string | null;
};

export type ActionBody = {
  readonly letter?: Place;
  readonly filter?: Filter;
  readonly limit?: number;
  readonly cursor?: string;
  readonly dryRun: boolean;
  readonly force: boolean;
};

export class DeadLetterClient {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, key: string | undefined) {
    this.#url = url;
    this.#headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  }

  list(parameters: Readonly<Record<string, string>>): Promise<Page> {
    return this.#ask(`/dead-letters?${new URLSearchParams(parameters).toString()}`);
  }

  read({ topic, partition, offset }: Place): Promise<Letter> {
    return this.#ask(`/dead-letters/${topic}/${partition}/${offset}`);
  }

  act(name: 're-drive' | 'discard', body: ActionBody): Promise<Report> {
    const headers = { ...this.#headers, 'content-type': 'application/json' };
    return this.#ask(`/dead-letters/${name}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #ask<Answer>(path: string, init: RequestInit = { headers: this.#headers }): Promise<Answer> {
    const response = await fetch(`${this.#url}${path}`, init).catch((error: unknown) => {
      throw new Error(`nothing answers at ${this.#url}: start Verdict first (npm start), or name its URL`, {
        cause: error,
      });
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${response.status} ${text}`);
    const answer: Answer = JSON.parse(text);
    return answer;
  }
}
