/** The keys of the configuration one by one, as `http.port` and what the schema says of it. A table such as `money.currencies` is one key. */
import { configSchema } from './schema.ts';

export type SchemaNode = {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
  readonly allowed?: string;
  readonly secret?: boolean;
  readonly duration?: boolean;
};

export type Leaf = { readonly key: string; readonly path: readonly string[]; readonly schema: SchemaNode };

export const leaves: readonly Leaf[] = leavesOf(plain(configSchema), []);

export function findLeaf(path: readonly string[]): Leaf | undefined {
  return leaves.find((leaf) => leaf.path.every((name, depth) => path[depth] === name));
}

/** What the key allows, in words that fit behind "must be". */
export function describeAllowed({ type, enum: values, minimum, maximum, allowed }: SchemaNode): string {
  if (allowed !== undefined) return allowed;
  if (values !== undefined) return `one of ${values.join(', ')}`;
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`;
  return 'a text';
}

function leavesOf(node: SchemaNode, path: readonly string[]): readonly Leaf[] {
  if (node.properties === undefined) return [{ key: path.join('.'), path, schema: node }];
  return Object.entries(node.properties).flatMap(([name, child]) => leavesOf(child, [...path, name]));
}

/** The library's types say less than the JSON Schema that they carry. */
function plain(schema: object): SchemaNode {
  return schema;
}
