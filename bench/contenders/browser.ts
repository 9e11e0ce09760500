import { existsSync } from 'node:fs';
import { build } from 'esbuild';
import { chromiumPath, launchChromium } from '../../scripts/chromium.js';
import type { Figures } from '../browser/burst.js';
import type { Contender, Job, Side } from '../harness/types.js';

/** A burst of values in a page of a headless Chromium, delivered in this way; what it did to the page. */
export function inPage(side: Side, kind: string, delivery: string): Contender {
  return {
    name: delivery,
    side,
    kind,
    prepare: () =>
      Promise.resolve(
        existsSync(chromiumPath)
          ? undefined
          : 'Chromium is not installed (Debian: apt-get install chromium)',
      ),
    sample: async (job) => ({ ...(await measure(delivery, job)) }),
  };
}

async function measure(delivery: string, job: Job): Promise<Figures> {
  const { outputFiles } = await build({
    entryPoints: ['bench/browser/burst.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
    const { count, expected, warmUpMs } = job;
    const burst = async (): Promise<Figures> => {
      const call = `burst(${JSON.stringify(delivery)}, ${count})`;
      const figures = await page.evaluate<Figures>(call);
      if (figures.sum === expected) return figures;
      throw new Error(`Expected the checksum ${expected}, got ${figures.sum}`);
    };
    const warm = performance.now() + warmUpMs;
    while (performance.now() < warm) await burst();
    return await burst();
  } finally {
    await browser.close();
  }
}
