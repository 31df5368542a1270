/** Runs one piece of work at a time, in the order it was posted, and refuses work past its capacity. */
import { Subject, concatMap } from 'rxjs';

import { Failure } from '../platform/failure.ts';

export class Mailbox {
  readonly #capacity: number;
  /** Only while there is work: a directory holds thousands of idle mailboxes, and a subscription weighs 2 kB. */
  #inbox: Subject<() => Promise<void>> | undefined;
  #size = 0;
  #closed: { readonly cause: unknown } | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Resolves or rejects with what the work came to. */
  post<Reply>(work: () => Promise<Reply>): Promise<Reply> {
    if (this.#size >= this.#capacity) {
      return Promise.reject(new Failure('overloaded', `a mailbox holds ${this.#size} messages already`));
    }
    this.#size += 1;
    const inbox = (this.#inbox ??= openInbox());
    return new Promise((resolve, reject) => {
      inbox.next(() => this.#run(work).then(resolve, reject));
    });
  }

  /** Pieces of work that are posted and not done. */
  get size(): number {
    return this.#size;
  }

  /** Work that has not begun rejects with the cause, now and later. */
  close(cause: unknown): void {
    this.#closed ??= { cause };
  }

  async #run<Reply>(work: () => Promise<Reply>): Promise<Reply> {
    try {
      if (this.#closed !== undefined) throw this.#closed.cause;
      return await work();
    } finally {
      this.#size -= 1;
      if (this.#size === 0) this.#inbox = undefined;
    }
  }
}

function openInbox(): Subject<() => Promise<void>> {
  const inbox = new Subject<() => Promise<void>>();
  inbox.pipe(concatMap((work) => work())).subscribe();
  return inbox;
}
