/** The rules of the house as a function over sources: who may import whom, that imports go in no circle, and what stands in one place only. */
import { posix } from 'node:path';

export type Sources = ReadonlyMap<string, string>;

/** Room to the rooms below it. A room may also import from itself. */
const below: Readonly<Record<string, readonly string[]>> = {
  main: ['process'],
  process: ['roles', 'platform'],
  roles: ['http', 'streams', 'actors', 'persistence', 'rules', 'transaction', 'platform'],
  http: ['actors', 'persistence', 'transaction', 'platform'],
  streams: ['persistence', 'rules', 'transaction', 'platform'],
  actors: ['persistence', 'transaction', 'platform'],
  persistence: ['transaction', 'platform'],
  rules: ['transaction'],
  transaction: [],
  platform: [],
};

/** Package to the only folders that may import it. */
const kept: Readonly<Record<string, readonly string[]>> = {
  config: ['src/roles/config/'],
  kafkajs: ['src/platform/event-log/'],
  ioredis: ['src/platform/key-store/'],
  pg: ['src/platform/database/'],
  koa: ['src/http/'],
  pino: ['src/platform/'],
  'prom-client': ['src/platform/'],
};

/** Words to the only places where they may stand. */
const words: readonly { readonly pattern: RegExp; readonly name: string; readonly places: readonly string[] }[] = [
  { pattern: /\bprocess\.env\b/, name: 'process.env', places: ['src/main.ts', 'src/process.ts', 'src/roles/'] },
  {
    pattern: /\b(?:Date\.now|performance\.now|new Date\(\)|setTimeout|setInterval|setImmediate)\b/,
    name: 'the machine\u2019s own time',
    places: ['src/platform/', 'src/process.ts'],
  },
  { pattern: /\b(?:Math\.random|randomUUID|randomBytes)\b/, name: 'chance', places: ['src/platform/'] },
];

/** `sources` maps paths like `src/http/app.ts` to their text; answers with one sentence per breach. */
export function breaches(sources: Sources): readonly string[] {
  const graph = new Map([...sources].map(([path, text]) => [path, ownImports(path, text)]));
  return [
    ...[...graph].flatMap(([path, targets]) => targets.flatMap((target) => climbs(path, target, sources))),
    ...cycles(graph),
    ...[...sources].flatMap(([path, text]) => [...shapes(path, text), ...places(path, text)]),
  ];
}

function roomOf(path: string): string {
  const [, room = ''] = path.split('/');
  return room.endsWith('.ts') ? room.slice(0, -3) : room;
}

function climbs(path: string, target: string, sources: Sources): readonly string[] {
  if (!sources.has(target)) return [`${path} imports ${target}, which does not exist`];
  const [from, to] = [roomOf(path), roomOf(target)];
  return from === to || below[from]?.includes(to) === true
    ? []
    : [`${path} imports ${target}: ${from} is not above ${to}`];
}

function specifiers(text: string): readonly string[] {
  const found = withoutComments(text).matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)['"]([^'"]+)['"]/g);
  return [...found].map(([, specifier = '']) => specifier);
}

function ownImports(path: string, text: string): readonly string[] {
  return specifiers(text)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.normalize(posix.join(posix.dirname(path), specifier)));
}

function cycles(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found = new Map<string, string>();
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      const circle = trail.slice(at);
      found.set(circle.toSorted().join(), `imports go in a circle: ${[...circle, path].join(' → ')}`);
      return;
    }
    if (done.has(path)) return;
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return [...found.values()];
}

function shapes(path: string, text: string): readonly string[] {
  const code = withoutComments(text);
  return [
    ...(path.endsWith('/index.ts') ? [`${path} is a barrel by its name`] : []),
    ...(/^\s*export\s*\*/m.test(code) ? [`${path} exports everything of another file`] : []),
    ...(/^\s*export\s+default\b/m.test(code) ? [`${path} has a default export`] : []),
    ...(/^\s*import\s*\{[^}]*\btype\s/m.test(code) ? [`${path} has an inline type import`] : []),
    ...(text.startsWith('/**') || text.startsWith('#!') ? [] : [`${path} does not begin with what it promises`]),
  ];
}

function places(path: string, text: string): readonly string[] {
  const code = withoutComments(text);
  const packages = specifiers(text).flatMap((specifier) => {
    const folders = kept[specifier.split('/')[0] ?? ''];
    return folders === undefined || folders.some((folder) => path.startsWith(folder))
      ? []
      : [`${path} imports ${specifier}`];
  });
  const misplaced = words
    .filter(({ pattern, places: allowed }) => pattern.test(code) && !allowed.some((place) => path.startsWith(place)))
    .map(({ name }) => `${path} uses ${name}`);
  return [...packages, ...misplaced];
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}
