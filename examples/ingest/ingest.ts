import { interval, lastValueFrom, takeUntil, tap, type Observable } from 'rxjs';
import type { Display } from './display.js';
import type { EnrichmentService } from './enrichment-service.js';
import type { FlightFile } from './flight-file.js';
import type { FlightStore } from './flight-store.js';
import { HeapWatch } from './heap.js';
import type { Interrupts } from './interrupts.js';
import type { Ledger } from './ledger.js';
import type { Options } from './options.js';
import { sluicePipe, type Pipe } from './pipe.js';
import type { Progress } from './progress.js';
import { reason } from './reason.js';
import type { StageReport } from './report.js';
import { Speedometer } from './speedometer.js';
import { stockPipe } from './stock-pipe.js';

const PIPES = { sluice: sluicePipe, stock: stockPipe };

/** A batch that does not fill is written after so long. */
const BATCH_TIMEOUT_MS = 200;

export interface Job {
  readonly file: FlightFile;
  readonly service: EnrichmentService;
  readonly store: FlightStore;
  readonly options: Options;
  readonly ledger: Ledger;
  readonly display: Display;
  readonly interrupts: Interrupts;
}

/** How a pipe ran. */
export interface Outcome {
  readonly end: 'complete' | 'interrupted' | 'failed';
  readonly error: string | undefined;
  /** What interrupted it. */
  readonly signal: NodeJS.Signals | undefined;
  readonly seconds: number;
  readonly peakHeapBytes: number;
  /** After a full collection; 0 where there was none. */
  readonly peakLiveHeapBytes: number;
  readonly stages: readonly StageReport[];
}

/** Runs the pipe to its end, and shows how far it is. */
export async function ingest(job: Job): Promise<Outcome> {
  const { ledger, display, interrupts } = job;
  let signal: NodeJS.Signals | undefined;
  const listening = interrupts.first.subscribe((first) => {
    signal = first;
    display.note(`${first}: reads no more, finishes what is held; once more stops at once`);
  });
  const pipe = assemble(job);
  const heap = new HeapWatch();
  const speed = new Speedometer();
  const show = () => display.show(progressOf(job, pipe, heap.used, speed.read(ledger.written)));
  const showing = interval(display.intervalMs).subscribe(show);
  const begin = performance.now();

  const error = await failureOf(
    pipe.written.pipe(tap(ledger.onWritten), takeUntil(interrupts.second)),
  );

  const seconds = (performance.now() - begin) / 1000;
  heap.stop();
  showing.unsubscribe();
  listening.unsubscribe();
  show();
  return {
    end: error !== undefined ? 'failed' : signal !== undefined ? 'interrupted' : 'complete',
    error,
    signal,
    seconds,
    peakHeapBytes: heap.peak,
    peakLiveHeapBytes: heap.peakLive,
    stages: pipe.meters.map(({ name, maxHeld, capacity }) => ({ name, maxHeld, capacity })),
  };
}

function assemble({ file, service, store, options, ledger, interrupts }: Job): Pipe {
  return PIPES[options.pipe]({
    flights: file,
    limit: options.limit,
    concurrency: options.concurrency,
    batchSize: options.batch,
    batchTimeoutMs: BATCH_TIMEOUT_MS,
    stop: interrupts.first,
    enrich: (flight, signal) => service.enrich(flight, signal),
    insert: (batch) => store.insert(batch),
    onRead: ledger.onRead,
    onDropped: ledger.onDropped,
  });
}

async function failureOf(pipe: Observable<unknown>): Promise<string | undefined> {
  try {
    await lastValueFrom(pipe, { defaultValue: undefined });
    return undefined;
  } catch (error) {
    return reason(error);
  }
}

function progressOf(job: Job, pipe: Pipe, heapBytes: number, perSecond: number): Progress {
  const { file, options, ledger } = job;
  const { read, written, batches, inFlight } = ledger;
  const whole = file.fractionRead === 0 ? Infinity : read / file.fractionRead;
  const expected = Math.min(options.limit, whole);
  const stages = pipe.meters.map(({ name, held, capacity }) => ({ name, held, capacity }));
  return { read, written, batches, inFlight, expected, perSecond, heapBytes, stages };
}
