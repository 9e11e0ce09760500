/** Marble diagrams in a real browser: how they look, and whether their texts have the room they were given. */
import type { Page } from 'playwright-core';
import { launchChromium } from './chromium.js';

type ColourScheme = 'light' | 'dark';

/** Opens a headless Chromium, with two pixels for each of the picture's. */
export async function openPage(): Promise<{ page: Page; close: () => Promise<void> }> {
  const browser = await launchChromium();
  const page = await browser.newPage({ deviceScaleFactor: 2 });
  return { page, close: () => browser.close() };
}

/** The diagram as a page of that scheme shows it in an `<img>` of at most 700 pixels, as PNG. */
export async function portrait(
  page: Page,
  svg: string,
  colorScheme: ColourScheme,
): Promise<Buffer> {
  await page.emulateMedia({ colorScheme });
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  const background = colorScheme === 'dark' ? '#0d1117' : '#ffffff';
  await page.setContent(
    `<html style="color-scheme:${colorScheme}"><body style="margin:0;background:${background}">` +
      `<img src="${source}" style="max-width:700px;padding:12px;display:inline-block">`,
  );
  const image = page.locator('img');
  const loaded = await image.evaluate(
    (element: HTMLImageElement) => element.complete && element.naturalWidth > 0,
  );
  if (!loaded) throw new Error('Chromium does not show it in an <img>');
  return image.screenshot();
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface MeasuredText {
  readonly words: string;
  readonly box: Box;
  /** What it is written on, if anything. */
  readonly ground: Box | undefined;
}

interface Measured {
  readonly view: Box;
  readonly texts: readonly MeasuredText[];
  /** What the XML parser had to say. */
  readonly malformed?: string;
}

/** What is wrong with the diagram as Chromium lays it out; nothing, where all is well. */
export async function faultsOf(page: Page, svg: string): Promise<string[]> {
  await page.setContent('<!doctype html><body>');
  const { view, texts, malformed } = await page.evaluate(measure, svg);
  if (malformed !== undefined) return [`not XML: ${malformed}`];
  return texts.flatMap(({ words, box, ground }, index) => [
    ...(isWithin(box, view) ? [] : [`${words} reaches out of the picture`]),
    ...(ground && !isWithin(box, ground) ? [`${words} reaches out of what it is on`] : []),
    ...texts
      .slice(index + 1)
      .filter((other) => overlap(box, other.box))
      .map((other) => `${words} overlaps ${other.words}`),
  ]);
}

/** Less than a pixel is not seen. */
const slack = 0.5;

const isWithin = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x - slack &&
  inner.y >= outer.y - slack &&
  inner.x + inner.width <= outer.x + outer.width + slack &&
  inner.y + inner.height <= outer.y + outer.height + slack;

const overlap = (one: Box, other: Box): boolean =>
  one.x + one.width > other.x + slack &&
  other.x + other.width > one.x + slack &&
  one.y + one.height > other.y + slack &&
  other.y + other.height > one.y + slack;

/** Runs in the page, and so stands alone. */
function measure(svg: string): Measured {
  const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
  const nowhere = { x: 0, y: 0, width: 0, height: 0 };
  const fault = parsed.querySelector('parsererror');
  if (fault) return { view: nowhere, texts: [], malformed: fault.textContent };
  const root = document.importNode(parsed.documentElement, true) as unknown as SVGSVGElement;
  document.body.replaceChildren(root);
  const texts = Array.from(root.querySelectorAll('text'), (element): MeasuredText => {
    const { x, y, width, height } = element.getBBox();
    // What is written on something comes right after it.
    let before = element.previousElementSibling;
    while (before && before.tagName !== 'rect') before = before.previousElementSibling;
    const ground = (before as SVGRectElement | null)?.getBBox() ?? nowhere;
    const written = /\b(?:value|item|call)\b/.test(element.getAttribute('class') ?? '');
    return {
      words: JSON.stringify(element.textContent),
      box: { x, y, width, height },
      ground: written
        ? { x: ground.x, y: ground.y, width: ground.width, height: ground.height }
        : undefined,
    };
  });
  const { x, y, width, height } = root.viewBox.baseVal;
  return { view: { x, y, width, height }, texts };
}
