/**
 * The crash-point sweep: at every place between two durable effects a process dies, throws or hangs under load, on real services, and everything must converge.
 * `npm run sweep -- [--only TEXT] [--action kill|throw|hang]`
 */
import { parseArgs } from 'node:util';

import { EventStream } from '../../tools/run/event-stream.ts';
import { allRows, assertSound } from '../../test/support/audit.ts';
import { Deployment, oneOfEach } from '../../test/support/deployment.ts';
import { ownServices } from '../../test/support/services.ts';
import { assertTranscript } from '../../test/support/transcript.ts';
import { actions, crashPoints } from './crash-points.ts';
import { passCrashPoint } from './pass-crash-point.ts';
import type { Passed } from './pass-crash-point.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, action: { type: 'string' } } });
const chosen = crashPoints
  .filter(({ role, place }) => `${role} ${place}`.includes(values.only ?? ''))
  .flatMap((point) =>
    actions.filter((action) => action === (values.action ?? action)).map((action) => ({ ...point, action })),
  );
if (chosen.length === 0) throw new Error('no crash point has this name');

await using services = await ownServices();
await using deployment = await Deployment.start({
  services,
  replicas: oneOfEach,
  env: { NODE_ENV: 'test', VERDICT_CLAIM_TTL_MS: '2000' },
});
await using stream = new EventStream({ urls: deployment.frontDoors });
await stream.opened;

const passed: Passed[] = [];
for (const point of chosen) {
  const result = await passCrashPoint(deployment, point);
  passed.push(result);
  const { role, place, action } = point;
  const outcome = result.fault ?? `converged in ${(result.convergedMs / 1000).toFixed(1)} s`;
  console.log(`${role.padEnd(11)} ${place.padEnd(34)} ${action.padEnd(5)}  ${outcome}`);
}

const faults = passed.flatMap(({ fault }) => (fault === undefined ? [] : [fault]));
const acknowledged = {
  keys: passed.flatMap(({ keys }) => keys),
  opened: passed.flatMap(({ load }) => load.acknowledged.opened),
};
for (const check of [
  () => assertSound(deployment.databaseUrl, acknowledged),
  async () => assertTranscript(stream, await allRows(deployment.databaseUrl)),
]) {
  await check().catch((error: unknown) => {
    faults.push(String(error));
    console.error(String(error));
  });
}
console.log(
  `${acknowledged.opened.length} transactions acknowledged, ${stream.frames.length} frames over ${stream.connections} connections`,
);
console.log(
  `${passed.filter(({ fault }) => fault === undefined).length} of ${chosen.length} crash points converged, ${faults.length} faults`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
