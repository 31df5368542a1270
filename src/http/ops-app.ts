/** What a role without an API serves on its port: health and metrics. */
import type Koa from 'koa';

import type { BaseOptions } from './base-app.ts';
import { createBaseApp } from './base-app.ts';
import type { RequestState } from './context.ts';

export function createOpsApp(options: BaseOptions): Koa<RequestState> {
  return createBaseApp(options, () => undefined);
}
