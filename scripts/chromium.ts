import type { Browser } from 'playwright-core';

/** Where the browser is. */
export const chromiumPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Starts it without a window, and without what it would do by itself. */
export async function launchChromium(): Promise<Browser> {
  const { chromium } = await import('playwright-core'); // only where a browser is wanted
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
