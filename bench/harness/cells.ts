import type { Row } from './rounds.js';
import type { Section } from './types.js';
import { spreadOf, type Spread, type Verdict } from './verdict.js';

// How figures are written, in the terminal and on the page.

/** Median and spread of a contender's figures. */
export function figureCells({ name, figures, skipped }: Row): string[] {
  if (skipped !== undefined) return [name, '–', `skipped: ${skipped}`];
  const { median, least, most } = spreadOf(figures);
  return [name, amount(median), figures.length > 1 ? `${amount(least)} – ${amount(most)}` : ''];
}

/** Marks who runs over another number of values than its section does, where its scale does not say so. */
export function countMark({ count, contenders }: Section, name: string): string {
  const contender = contenders.find((each) => each.name === name);
  if (contender?.count === undefined || contender.scale !== undefined) return '';
  return contender.count === count ? '' : ` (${grouped(contender.count)} values)`;
}

/** What a contender is compared with, how it compares, and what was asked of it. */
export function goalCells({ goal, reached, met }: Verdict): string[] {
  const { against, beyond, limit: most, least, strictly } = goal;
  const other = against ?? beyond;
  const sign = beyond === undefined ? '' : '+';
  const compared = other === undefined ? ['', '', ''] : [...spreadCells(reached, sign), other];
  if (most === undefined) return compared;
  const limit =
    least === undefined
      ? `${strictly ? '<' : '≤'} ${sign}${round(most)}`
      : `${round(least)} – ${round(most)}`;
  return [...compared, limit, met === undefined ? 'not compared' : met ? 'met' : 'MISSED'];
}

function spreadCells(spread: Spread | undefined, sign: string): string[] {
  if (!spread) return ['–', ''];
  const { median, least, most } = spread;
  const signed = (value: number): string => (value < 0 ? '' : sign) + round(value);
  return [signed(median), `${signed(least)} – ${signed(most)}`];
}

/** Three significant digits, and never fewer than the whole number. */
export function amount(value: number): string {
  return Math.abs(value) >= 100 ? grouped(value) : value.toPrecision(3);
}

/** A ratio, or a limit. */
export function round(value: number): string {
  if ((Number.isInteger(value) && value >= 10) || Math.abs(value) >= 100) return grouped(value);
  return Math.abs(value) < 0.1 ? value.toFixed(3) : value.toFixed(2);
}

const grouped = (value: number): string => Math.round(value).toLocaleString('en-US');
