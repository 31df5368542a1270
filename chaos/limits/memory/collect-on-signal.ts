/** Loaded into a measured process before anything of its own: SIGUSR2 collects all garbage. Whoever sends it waits until the process answers, for until this is loaded the signal is its end. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');
if (typeof collect !== 'function') throw new Error('this Node does not let its garbage be collected');
process.on('SIGUSR2', () => void collect());
