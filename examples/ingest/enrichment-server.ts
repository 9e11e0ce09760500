/**
 * A small HTTP service, run as a process of its own by `EnrichmentService`:
 *
 *     GET /enrichment?delay=…&distance=…&time=…   200 Enrichment; 503 above the limit
 *     GET /figures                                200 Figures
 *
 * Its first argument is how many requests it deals with at once. It ends when the process that
 * started it does, however that ends: then the channel between the two closes.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { enrichmentOf } from './flight.js';

/** What the server did since it started. */
export interface Figures {
  readonly limit: number;
  answered: number;
  /** Answered 503. */
  refused: number;
  mostAtOnce: number;
}

const MEAN_LATENCY_MS = 3;
const MAX_LATENCY_MS = 40;

const limit = Number(process.argv[2]);
const figures: Figures = { limit, answered: 0, refused: 0, mostAtOnce: 0 };
let atOnce = 0;

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/enrichment') enrich(searchParams, response);
  else if (pathname === '/figures') answer(response, 200, figures);
  else answer(response, 404, { error: `nothing at ${pathname}` });
});

function enrich(query: URLSearchParams, response: ServerResponse): void {
  if (atOnce >= limit) {
    figures.refused++;
    answer(response, 503, { error: `more than ${limit} requests at once` });
    return;
  }
  figures.mostAtOnce = Math.max(figures.mostAtOnce, ++atOnce);
  const [delay = NaN, distance = NaN, time = NaN] = ['delay', 'distance', 'time'].map((name) =>
    Number(query.get(name) ?? NaN),
  );
  setTimeout(() => {
    atOnce--;
    figures.answered++;
    if (Number.isNaN(delay + distance + time)) answer(response, 400, { error: 'not a flight' });
    else answer(response, 200, enrichmentOf({ delay, distance, time }));
  }, latencyMs());
}

/** Most answers are quick, some are slow: exponential. */
function latencyMs(): number {
  return Math.min(MAX_LATENCY_MS, -MEAN_LATENCY_MS * Math.log(1 - Math.random()));
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  const json = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(json),
  });
  response.end(json);
}

// The client closes what it no longer uses; were both to, a request could meet a closing connection.
server.keepAliveTimeout = 0;

process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
