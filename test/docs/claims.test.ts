import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Channel, Mutex, Semaphore, WaitGroup } from 'rxjs-sluice';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { later } from '../support/later.js';
import { blocksOf, pages } from './markdown.js';

// What the README, docs/go.md and docs/context.md say and none of their snippets can show.

/** Runs a module, and tells how its process ended and what it said. */
function programOf(code: string, ...flags: string[]) {
  const index = resolve('src/index.ts');
  const head = `import { Channel, CancelScope } from ${JSON.stringify(index)};\n`;
  const args = [...flags, '--import', 'tsx', '--input-type=module', '--eval', head + code];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stdout: stdout.trim(), stderr };
}

describe('a program', () => {
  it('that can only wait ends with code 0, or with 13 where it waits at top level', () => {
    const wait = 'new Channel().receive()';
    expect(programOf(`void ${wait};`)).toMatchObject({ status: 0, stderr: '' });
    expect(programOf(`await ${wait};`).status).toBe(13);
  });

  it('ends with code 1 when nobody awaits a task that fails', () => {
    const { status, stderr } = programOf(`
      const channel = new Channel();
      async function task() { await channel.receive(); throw new Error('lost'); }
      void task();
      await channel.send(1);
      setTimeout(() => console.log('still there'), 60_000);
    `);
    expect([status, stderr]).toEqual([1, expect.stringContaining('Error: lost')]);
  });

  it('does not stay for AbortSignal.timeout, and does for a scope', () => {
    const wait = (options: string) =>
      programOf(`
        async function main() {
          await new Channel().receive(${options}).catch((error) => console.log(error.name));
        }
        void main();
      `).stdout;
    expect(wait('{ signal: AbortSignal.timeout(50) }')).toBe('');
    expect(wait('new CancelScope({ timeout: 50 })')).toBe('TimeoutError');
  });

  it('hears of the end of a scope that it keeps nowhere, though the collector runs', () => {
    const { stdout } = programOf(
      `
      const around = new CancelScope();
      const channel = new Channel();
      let outcome = 'still waiting';
      const wait = (scope) => channel.receive(scope).catch((error) => (outcome = error.name));
      const waits = wait(new CancelScope({ signal: around.signal, timeout: 100 }));
      for (let i = 0; i < 10; i++) { globalThis.gc(); await new Promise(setImmediate); }
      await waits;
      console.log(outcome);
    `,
      '--expose-gc',
    );
    expect(stdout).toBe('TimeoutError');
  });
});

it("the platform's timeout is over at once where it is longer than 24.8 days", async () => {
  const signal = AbortSignal.timeout(2 ** 31);
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  expect(signal.reason).toHaveProperty('name', 'TimeoutError');
});

describe('who waits', () => {
  const waits: Readonly<Record<string, () => Promise<unknown>>> = {
    'to receive': () => new Channel().receive(),
    'to send': () => new Channel().send(1),
    'for a permit': async () => {
      const semaphore = new Semaphore(1);
      await semaphore.acquire();
      await semaphore.acquire();
    },
    'for a lock': async () => {
      const mutex = new Mutex();
      await mutex.lock();
      await mutex.lock();
    },
    'for a group': () => {
      const group = new WaitGroup();
      group.add();
      return group.wait();
    },
  };

  it.each(Object.entries(waits))('%s that nobody can give is collected', async (_, wait) => {
    const collected = new Set<string>();
    const registry = new FinalizationRegistry<string>((name) => collected.add(name));
    (() => {
      const kept = { text: 'what the function keeps while it waits' };
      registry.register(kept, 'it');
      void (async () => {
        await wait();
        expect(kept.text).toBe('never reached');
      })();
    })();
    for (let turn = 0; turn < 50 && collected.size === 0; turn++) {
      globalThis.gc?.();
      await later();
    }
    expect([...collected]).toEqual(['it']);
  });
});

describe.each(['README.md', 'docs/go.md'])('the shutdown in %s', (page) => {
  const text = new Map(pages).get(page)!;
  const { code } = blocksOf(page, text, 'ts').find((block) => block.code.includes('deadline'))!;
  let folder: string;
  let printed: unknown[];

  beforeEach(() => {
    mkdirSync('.cache', { recursive: true });
    folder = mkdtempSync('.cache/shutdown-');
    printed = [];
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    vi.spyOn(console, 'log').mockImplementation((line) => printed.push(line));
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  /** Runs it as far as it goes by itself. */
  async function run(program: string): Promise<void> {
    const path = resolve(folder, 'shutdown.ts');
    writeFileSync(path, program);
    await import(/* @vite-ignore */ path);
    await later();
  }

  it('ends with the last task, and leaves no timer', async () => {
    await run(code);
    expect(printed).toEqual(['stopped']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends at the deadline where a task hangs, and leaves no timer', async () => {
    const hang = '(n) => (n > 3 ? new Promise<number>(() => {}) : Promise.resolve(n))';
    const hanging = code.replace(/async \((\w+)\) => \1/, hang);
    expect(hanging).toContain(hang);
    await run(hanging);
    vi.advanceTimersByTime(9_999);
    expect(printed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(printed).toEqual(['stopped']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
