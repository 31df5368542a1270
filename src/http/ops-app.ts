/** What a role without an API serves on its port: health and metrics. */
import type { RequestListener } from 'node:http';

import type { BaseOptions } from './base-app.ts';
import { createBaseApp, listenerOf } from './base-app.ts';

export function createOpsApp(options: BaseOptions): RequestListener {
  return listenerOf(createBaseApp(options, () => undefined));
}
