/** Every kind of fault. */
import type { Fault } from '../arena.ts';
import { allWiped } from './all-wiped.ts';
import { clockSkew } from './clock-skew.ts';
import { cutFrames } from './cut-frames.ts';
import { freeze } from './freeze.ts';
import { freezeService } from './freeze-service.ts';
import { fullDisk } from './full-disk.ts';
import { kafkaWiped } from './kafka-wiped.ts';
import { kill } from './kill.ts';
import { killBoth } from './kill-both.ts';
import { killEverything } from './kill-everything.ts';
import { killService } from './kill-service.ts';
import { lateCommit } from './late-commit.ts';
import { lostReply } from './lost-reply.ts';
import { offsetsDeleted } from './offsets-deleted.ts';
import { oneWayCut } from './one-way-cut.ts';
import { poisonBurst } from './poison-burst.ts';
import { postgresBackends } from './postgres-backends.ts';
import { redisEvicting } from './redis-evicting.ts';
import { redisFlushed } from './redis-flushed.ts';
import { rollingRestart } from './rolling-restart.ts';
import { slowNetwork } from './slow-network.ts';
import { stutter } from './stutter.ts';
import { tableLocked } from './table-locked.ts';
import { unknownIds } from './unknown-ids.ts';
import { roles } from '../replicas.ts';

/** `canFill`: whether the services live on a disk that may be filled. */
export function allFaults(canFill: boolean): readonly Fault[] {
  return [
    ...roles.map(kill),
    ...roles.map(freeze),
    ...[killBoth, killEverything, rollingRestart, stutter, clockSkew],
    ...[killService('postgres'), freezeService('postgres'), postgresBackends, lateCommit, tableLocked],
    ...[killService('kafka'), freezeService('kafka'), kafkaWiped, offsetsDeleted, lostReply, poisonBurst, unknownIds],
    ...[killService('redis'), freezeService('redis'), redisFlushed, redisEvicting, allWiped],
    ...[oneWayCut, slowNetwork, cutFrames],
    ...(canFill ? [fullDisk] : []),
  ];
}

/** Hurt little and for a short time, so that many of them fit into a minute. */
export const lightKinds: ReadonlySet<string> = new Set([
  ...[
    'kill-front-door',
    'kill-relay',
    'kill-anti-fraud',
    'kill-settlement',
    'stutter',
    'freeze-relay',
    'freeze-front-door',
  ],
  ...[
    'postgres-backends-terminated',
    'late-commit',
    'table-locked',
    'produce-reply-lost',
    'poison-burst',
    'unknown-ids',
  ],
  ...['redis-killed', 'redis-frozen', 'redis-flushed', 'redis-evicting', 'one-way-cut', 'slow-network', 'cut-frames'],
]);
