/** How each peer is started. */
import { startBullmq } from './bullmq.ts';
import { startDbos } from './dbos.ts';
import { startBareHttp, startKoaAjv, startKoaPg } from './floors.ts';
import type { PeerName, StartPeer } from './peer.ts';
import { startRoles } from './roles.ts';
import { startStandalone } from './standalone.ts';
import { startStandaloneServices } from './standalone-services.ts';
import { startTextbook } from './textbook.ts';
import { startUnsafe } from './unsafe.ts';

export const starters: Readonly<Record<PeerName, StartPeer>> = {
  standalone: startStandalone,
  'standalone-services': startStandaloneServices,
  roles: startRoles,
  textbook: startTextbook,
  bullmq: startBullmq,
  dbos: startDbos,
  unsafe: startUnsafe,
  'bare-http': startBareHttp,
  'koa-ajv': startKoaAjv,
  'koa-pg': startKoaPg,
};
