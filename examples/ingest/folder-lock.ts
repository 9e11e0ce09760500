import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Keeps a folder for this process; PGlite does not, and two that write to one folder lose each other's
 * rows. What a process left that was killed does not count.
 *
 * @returns gives it back.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const lock = join(folder, 'lock');
  await mkdir(folder, { recursive: true });
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      return () => rm(lock, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(lock, 'utf8'));
    if (isAnother(owner)) {
      throw new Error(
        `${folder} is in use by process ${owner}. If that is no such job, remove ${lock}`,
      );
    }
    await rm(lock, { force: true });
  }
}

function isAnother(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
