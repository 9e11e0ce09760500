/**
 * Digests of all files below a folder, so many files at a time; it stops at the first error, or when
 * it is called off. After "Go Concurrency Patterns: Pipelines and cancellation" (2014).
 *
 * The files are the examples of FIPS 180-2, whose digests are known, many times over.
 */
import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Channel, TaskGroup, type SendChannel } from 'rxjs-sluice';

const FOLDERS = 12;
const PARALLEL = 4;

const messages: Readonly<Record<string, string>> = {
  abc: 'abc',
  blocks: 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
  million: 'a'.repeat(1_000_000),
};

/** How many files are being read, the most at a time, and how many were begun. */
const reading = { now: 0, most: 0, begun: 0 };

async function digest(path: string, signal: AbortSignal): Promise<string> {
  reading.begun++;
  reading.most = Math.max(reading.most, ++reading.now);
  try {
    return createHash('sha256')
      .update(await readFile(path, { signal }))
      .digest('hex');
  } finally {
    reading.now--;
  }
}

/** Sends the path of each file below `folder`, in order of their names. */
async function walk(
  folder: string,
  paths: SendChannel<string>,
  signal: AbortSignal,
): Promise<void> {
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    if ((await lstat(path)).isDirectory()) await walk(path, paths, signal);
    else await paths.send(path, { signal });
  }
}

/**
 * Gives each path and digest to `found`, as they come. Rejects with the first error, or the signal's
 * reason.
 */
async function digestAll(
  root: string,
  found: (path: string, sum: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const group = new TaskGroup({ signal });
  const paths = new Channel<string>();
  const sums = new Channel<{ path: string; sum: string }>();

  void group.go(async ({ signal }) => {
    await walk(root, paths, signal).finally(() => paths.close());
  });
  for (let n = 0; n < PARALLEL; n++) {
    void group.go(async ({ signal }) => {
      for await (const path of paths) {
        await sums.send({ path, sum: await digest(path, signal) }, { signal });
      }
    });
  }
  // The last one out closes the door, and says why.
  group.wait().then(
    () => sums.close(),
    (error: unknown) => sums.close(error),
  );
  try {
    for await (const { path, sum } of sums) found(path, sum);
  } catch (error) {
    signal?.throwIfAborted(); // rather than what a task made of that
    throw error;
  }
}

/** All of them: how many files have which digest. */
async function everything(root: string) {
  const counts: Record<string, number> = {};
  await digestAll(root, (_, sum) => (counts[sum] = (counts[sum] ?? 0) + 1));
  return { counts, mostAtATime: reading.most };
}

/** What ended it, and how much was left undone. */
async function interrupted(run: () => Promise<void>) {
  reading.begun = 0;
  const error: unknown = await run().catch((error: unknown) => error);
  const reason = error instanceof Error ? error.message.split(':')[0] : error;
  return { reason, stillReading: reading.now, leftUnread: reading.begun < FOLDERS * 3 };
}

export async function main() {
  const root = await mkdtemp(join(tmpdir(), 'rxjs-sluice-digest-'));
  try {
    for (let n = 0; n < FOLDERS; n++) {
      const folder = join(root, n % 2 === 0 ? `${n}` : `deep/er/${n}`);
      await mkdir(folder, { recursive: true });
      for (const [name, text] of Object.entries(messages))
        await writeFile(join(folder, name), text);
    }
    const all = await everything(root);

    const calledOff = await interrupted(() => {
      const quit = new AbortController();
      return digestAll(root, () => quit.abort('enough'), quit.signal);
    });

    await symlink(join(root, 'nowhere'), join(root, ' a dead link'));
    const failed = await interrupted(() => digestAll(root, () => undefined));
    return { ...all, calledOff, failed };
  } finally {
    await rm(root, { recursive: true });
  }
}
