/** The load that is usual: the bench's closed loop, in a process of its own. It finds the peak, because each of its connections posts again as soon as it is answered. */
import { LoadProcess } from '../../../bench/load/load-process.ts';
import type { PhaseResult } from '../../../bench/load/protocol.ts';

const connections = 64;

export class UsualLoad implements AsyncDisposable {
  readonly #load: LoadProcess;

  private constructor(load: LoadProcess) {
    this.#load = load;
  }

  static async start(url: string): Promise<UsualLoad> {
    return new UsualLoad(await LoadProcess.start({ url, decisions: undefined }));
  }

  /** Waits for no decision. */
  post(seconds: number): Promise<PhaseResult> {
    return this.#load.phase({ type: 'closed', connections, seconds }, 0);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#load[Symbol.asyncDispose]();
  }
}

/** 201s a second. */
export function rateOf({ accepted, postingMs }: PhaseResult): number {
  return (accepted * 1_000) / postingMs;
}
