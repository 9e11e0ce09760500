import type { LinkReport } from './find-demand.js';

/** A link report as a sentence. */
export function describeLink({ from, to, through, because, remark }: LinkReport): string {
  if (to !== undefined) {
    const way = through > 0 ? ` (through ${through} other operator${through > 1 ? 's' : ''})` : '';
    return `${from} is linked to ${to}${way}${remark === undefined ? '' : `; ${remark}`}`;
  }
  return because === 'unlinked'
    ? `${from} is not linked: unlinked() cuts the link below it`
    : `${from} is not linked: below it is a consumer that takes all it is given, or an operator that ` +
        'multicasts or subscribes by hand';
}
