import { existsSync } from 'node:fs';
import { build } from 'esbuild';
import { chromiumPath, launchChromium } from '../../scripts/chromium.js';
import type { Figures } from '../browser/burst.js';
import type { Contender, Side } from '../harness/types.js';

/** A burst of values in a page of a headless Chromium, delivered in this way; what it did to the page. */
export function inPage(
  side: Side,
  delivery: string,
  figure: (figures: Figures) => number,
): Contender {
  return {
    name: delivery,
    side,
    kind: 'page',
    prepare: () =>
      Promise.resolve(
        existsSync(chromiumPath)
          ? undefined
          : 'Chromium is not installed (Debian: apt-get install chromium)',
      ),
    async sample({ count, expected }) {
      const { sum, ...figures } = await burst(delivery, count);
      if (sum !== expected) throw new Error(`Expected the checksum ${expected}, got ${sum}`);
      return figure({ sum, ...figures });
    },
  };
}

async function burst(delivery: string, count: number): Promise<Figures> {
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
    const call = `burst(${JSON.stringify(delivery)}, ${count})`;
    return await page.evaluate<Figures>(call);
  } finally {
    await browser.close();
  }
}
