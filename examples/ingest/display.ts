import { MultiBar, type SingleBar } from 'cli-progress';
import type { Progress } from './progress.js';
import { integer, megabytes } from './text.js';

/** Where progress is shown. */
export interface Display {
  readonly intervalMs: number;
  show(progress: Progress): void;
  /** Shows a line that stays. */
  note(line: string): void;
  close(): void;
}

/** Bars on a terminal, plain lines elsewhere. */
export function displayOn(stream: NodeJS.WriteStream): Display {
  return stream.isTTY ? new Bars(stream) : new Lines(stream);
}

/** The pipe from top to bottom: how much has come in, how full each stage is, how much is out. */
class Bars implements Display {
  readonly intervalMs = 100;
  private readonly bars: MultiBar;
  private readonly rows = new Map<string, SingleBar>();

  constructor(stream: NodeJS.WriteStream) {
    this.bars = new MultiBar({
      stream,
      format: '{name} {bar} {figures}',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 24,
      emptyOnZero: true,
      // A note, or the terminal's `^C`, leaves no row where it was.
      forceRedraw: true,
    });
  }

  show(progress: Progress): void {
    const { read, written, batches, expected, inFlight } = progress;
    this.fill('read', read, expected, `${integer(read)} records`);
    for (const { name, held, capacity } of progress.stages) {
      this.fill(name, held, capacity, `holds ${integer(held)} of ${integer(capacity)}`);
    }
    this.fill(
      'written',
      written,
      expected,
      `${integer(written)} records, ${integer(batches)} batches`,
    );
    const all = `${integer(inFlight)} in flight, ${speed(progress)}`;
    this.row('', '{name} {figures}').update(0, { figures: all });
  }

  note(line: string): void {
    this.bars.log(`${line}\n`);
    this.bars.update();
  }

  close(): void {
    this.bars.stop();
  }

  private fill(name: string, value: number, total: number, figures: string): void {
    const bar = this.row(name);
    bar.setTotal(Math.max(1, total));
    bar.update(Math.min(value, total), { figures });
  }

  private row(name: string, format?: string): SingleBar {
    const known = this.rows.get(name);
    if (known !== undefined) return known;
    const payload = { name: name.padEnd('written'.length), figures: '' };
    const bar = this.bars.create(1, 0, payload, format === undefined ? {} : { format });
    this.rows.set(name, bar);
    return bar;
  }
}

class Lines implements Display {
  readonly intervalMs = 1000;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  show(progress: Progress): void {
    const { read, written, batches, inFlight, stages } = progress;
    const held = stages.map(({ name, held, capacity }) => `${name} ${held}/${capacity}`).join(', ');
    this.note(
      `${integer(read)} in, ${integer(written)} written in ${integer(batches)} batches, ` +
        `${integer(inFlight)} in flight${held && ` (${held})`}, ${speed(progress)}`,
    );
  }

  note(line: string): void {
    this.stream.write(`${line}\n`);
  }

  close(): void {}
}

function speed({ perSecond, heapBytes }: Progress): string {
  return `${integer(perSecond)}/s, heap ${megabytes(heapBytes)}`;
}
