/**
 * Do two trees hold the same values in the same order? Each is walked by a task of its own; where
 * they differ, the walks are called off. The tour of Go's "Equivalent Binary Trees".
 */
import { Channel, ChannelClosedError, type SendChannel } from 'rxjs-sluice';

interface Tree {
  readonly value: number;
  readonly left?: Tree | undefined;
  readonly right?: Tree | undefined;
}

function insert(tree: Tree | undefined, value: number): Tree {
  if (tree === undefined) return { value };
  return value < tree.value
    ? { ...tree, left: insert(tree.left, value) }
    : { ...tree, right: insert(tree.right, value) };
}

const treeOf = (...values: readonly number[]) => values.reduce<Tree | undefined>(insert, undefined);

/** How many values were walked by. */
let walked = 0;

async function walk(tree: Tree | undefined, values: SendChannel<number>): Promise<void> {
  if (tree === undefined) return;
  await walk(tree.left, values);
  await values.send(tree.value);
  walked++;
  await walk(tree.right, values);
}

function walker(tree: Tree | undefined): Channel<number> {
  const values = new Channel<number>();
  walk(tree, values).then(
    () => values.close(),
    (error: unknown) => {
      if (!(error instanceof ChannelClosedError)) values.close(error); // else it was called off
    },
  );
  return values;
}

async function same(a: Tree | undefined, b: Tree | undefined): Promise<boolean> {
  const [left, right] = [walker(a), walker(b)];
  try {
    for (;;) {
      const [x, y] = await Promise.all([left.receive(), right.receive()]);
      if (x.done && y.done) return true;
      if (x.value !== y.value) return false;
    }
  } finally {
    left.cancel();
    right.cancel();
  }
}

export async function main() {
  const a = treeOf(8, 3, 10, 1, 6, 14, 4, 7, 13);
  const shaken = treeOf(1, 3, 4, 6, 7, 8, 10, 13, 14);
  const results = {
    shaken: await same(a, shaken),
    oneMore: await same(a, insert(shaken, 15)),
    empty: await same(undefined, treeOf()),
  };
  walked = 0;
  const differs = await same(a, insert(treeOf(8, 3, 10, 6, 14, 4, 7, 13), 2));
  return { ...results, differs, walked };
}
