/** What clients asked and heard, for the checks: every request with its times, and what each client knows of each transaction. */
import type { ClientName } from '../plan/plan.ts';

export type Exchange = {
  readonly client: ClientName;
  readonly key: string;
  readonly body: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Undefined where no answer came. */
  readonly status: number | undefined;
  readonly answer: string;
  readonly replayed: boolean;
};

export class ClientLog {
  readonly posts: Exchange[] = [];
  /** Every key and body that anybody sent. */
  readonly sent = new Set<string>();
  /** Who was told 201 about it, by id. */
  readonly accepted = new Map<string, ClientName>();
  readonly #terminalAt = new Map<string, number>();

  /** The first moment at which its client knew that it is terminal. */
  learnTerminal(id: string, at: number): void {
    if (!this.#terminalAt.has(id)) this.#terminalAt.set(id, at);
  }

  knewTerminal(id: string, before: number): boolean {
    const at = this.#terminalAt.get(id);
    return at !== undefined && at < before;
  }
}

export function statusIn(body: string): string | undefined {
  return /"transactionStatus":\{"name":"([A-Z]+)"\}/.exec(body)?.[1];
}

export function idIn(body: string): string | undefined {
  return /"transactionExternalId":"([0-9a-f-]{36})"/.exec(body)?.[1];
}

export function isTerminalStatus(status: string | undefined): boolean {
  return status === 'APPROVED' || status === 'REJECTED';
}
