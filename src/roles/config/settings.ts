/** Values for single keys, each with the name of where it came from, put over the values of files. */
export type Setting = { readonly path: readonly string[]; readonly source: string; readonly value: unknown };

type Tree = { [name: string]: unknown };

export function asTree(settings: readonly Setting[]): Tree {
  const root: Tree = {};
  for (const { path, value } of settings) {
    const last = path.at(-1);
    if (last !== undefined) branch(root, path.slice(0, -1))[last] = value;
  }
  return root;
}

export function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, name) => (isTree(node) ? node[name] : undefined), tree);
}

function branch(root: Tree, path: readonly string[]): Tree {
  return path.reduce((node, name) => {
    const child = node[name];
    if (isTree(child)) return child;
    const made: Tree = {};
    node[name] = made;
    return made;
  }, root);
}

function isTree(node: unknown): node is Tree {
  return typeof node === 'object' && node !== null;
}
