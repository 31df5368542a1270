/** A port or a store whose calls fail on demand: `before` nothing was done, `after` all of it was and the reply got lost. */
import { Failure } from '../../src/platform/failure.ts';
import type { FailureCode } from '../../src/platform/failure.ts';

export type Fault = 'before' | 'after' | undefined;

/** `next` is asked at every call, with the name of the method, and may take its time. */
export function withFaults<Port extends object>(
  port: Port,
  code: FailureCode,
  next: (method: string) => Fault | Promise<Fault>,
): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== 'function' || typeof name === 'symbol') return method;
      return async (...values: readonly unknown[]): Promise<unknown> => {
        const fault = await next(name);
        if (fault === 'before') throw new Failure(code, `${name} was not done`);
        const answer: unknown = await Reflect.apply(method, target, values);
        if (fault === 'after') throw new Failure(code, `the reply to ${name} was lost`);
        return answer;
      };
    },
  });
}
