import {
  aimd,
  gradient2,
  pullFrom,
  vegas,
  workerPool,
  type AdaptiveLimit,
  type WorkerPoolOptions,
} from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { HandClock } from '../support/hand-clock.js';
import {
  ServerBusyError,
  SimulatedServer,
  type Account,
  type ServerOptions,
} from '../support/simulated-server.js';

const usualMs = 100;
const seeds = [1, 2, 3];
/** Much virtual time takes some of the real. */
const patient = { timeout: 60_000 };

function* endless() {
  for (let n = 0; ; n++) yield n;
}

/**
 * A pool that always has work, under a limit, and a server M/M/c with a queue, in virtual time. How
 * long requests take is random, by the seed, and so the same each time.
 */
class Loop {
  private readonly server: SimulatedServer;
  private readonly clock = new HandClock();
  private readonly meanMs: number;
  private delivered = 0;
  private times = 1;

  constructor(
    limit: number | AdaptiveLimit,
    private readonly traits: Omit<ServerOptions, 'clock' | 'meanMs'> & { readonly meanMs?: number },
    options: WorkerPoolOptions<number> = {},
  ) {
    const { clock } = this;
    const { meanMs = usualMs } = traits;
    this.meanMs = meanMs;
    const server = (this.server = new SimulatedServer({ clock, ...traits, meanMs }));
    pullFrom(endless())
      .pipe(workerPool(limit, () => server.request, { scheduler: clock, ...options }))
      .subscribe(() => this.delivered++);
  }

  /** From now on the server has so many times the servers that it had at first, each so many times as slow. */
  scale(times: number, slower = 1): void {
    this.server.resize(this.traits.servers * times);
    this.server.pace(this.meanMs * slower);
    this.times = times / slower;
  }

  /** Lets so many seconds pass; shares are of what the server could do in them at most. */
  pass(seconds: number): Account & { readonly share: number; readonly goodShare: number } {
    const most = (1000 / this.meanMs) * this.traits.servers * this.times;
    this.delivered = 0;
    this.server.account();
    this.clock.advance(1000 * seconds);
    const account = this.server.account();
    return {
      ...account,
      share: account.perSecond / most,
      goodShare: this.delivered / seconds / most,
    };
  }
}

/** What the documentation states that may wait at a server of so many. */
const byLatency = [
  {
    name: 'gradient2',
    make: gradient2,
    allowance: (servers: number) => 0.5 * servers + (servers < 8 ? 7 : 4),
  },
  { name: 'vegas', make: vegas, allowance: (servers: number) => Math.max(6, servers / 4) },
];

describe.each(byLatency)('$name', ({ make, allowance }) => {
  describe.each(seeds)('before a server of seed %i', (seed) => {
    it.each([8, 32])(
      'of %i servers: over 80 % of its throughput, and the queue that is allowed',
      patient,
      (servers) => {
        const loop = new Loop(make(), { servers, seed });
        loop.pass(120);
        const { share, meanQueue } = loop.pass(300);
        expect(share).toBeGreaterThan(0.8);
        expect(meanQueue).toBeLessThanOrEqual(allowance(servers));
      },
    );

    const settle = (traits: Omit<ServerOptions, 'clock' | 'seed'>, seconds = 300) => {
      const loop = new Loop(make(), { seed, ...traits });
      loop.pass(seconds);
      const { share, meanQueue } = loop.pass(seconds);
      expect(share).toBeGreaterThan(0.8);
      expect(meanQueue).toBeLessThanOrEqual(allowance(traits.servers));
    };

    it.each([
      [4, 400],
      [16, 400],
      [48, 200],
      [48, 400],
      [100, 400],
    ])('of %i servers that take long, %i ms: the same', patient, (servers, meanMs) => {
      settle({ servers, meanMs });
    });

    it.each([
      [48, 2000],
      [100, 5000],
    ])(
      'of %i servers that take longer than a window, %i ms: the same',
      patient,
      (servers, meanMs) => {
        settle({ servers, meanMs }, 1000);
      },
    );

    it.each([8, 48])(
      'of %i servers that take from 50 to 1,500 ms: the same',
      patient,
      (servers) => {
        settle({ servers, meanMs: 775, spread: (random) => (50 + 1450 * random) / 775 });
      },
    );

    it.each([100, 400])(
      'of one that takes %i ms: the same, after some probes',
      patient,
      (meanMs) => {
        settle({ servers: 1, meanMs }, 1500);
      },
    );

    it('follows a step of its capacity up, and down, within 30 windows', patient, () => {
      const loop = new Loop(make(), { servers: 8, seed });
      loop.pass(120);
      loop.scale(4);
      loop.pass(30);
      const up = loop.pass(300);
      expect(up.share).toBeGreaterThan(0.8);
      expect(up.meanQueue).toBeLessThanOrEqual(allowance(32));
      loop.scale(1);
      loop.pass(30);
      const down = loop.pass(300);
      expect(down.share).toBeGreaterThan(0.8);
      expect(down.meanQueue).toBeLessThanOrEqual(allowance(8));
    });

    it('takes a server that became slower for what it is, within 2 probes', patient, () => {
      const loop = new Loop(make(), { servers: 16, seed });
      loop.pass(120);
      loop.scale(1, 2);
      loop.pass(75);
      const { share, meanQueue } = loop.pass(120);
      expect(share).toBeGreaterThan(0.8);
      expect(meanQueue).toBeLessThanOrEqual(allowance(16));
    });
  });
});

describe.each(seeds)('the same criteria, seed %i, tell', (seed) => {
  it('a fixed number that is too high by its queue', patient, () => {
    const { share, meanQueue } = new Loop(60, { servers: 16, seed }).pass(300);
    expect(share).toBeGreaterThan(0.8);
    for (const { allowance } of byLatency) expect(meanQueue).toBeGreaterThan(allowance(16));
  });

  it('a fixed number that is too low by its throughput', patient, () => {
    const { share, meanQueue } = new Loop(8, { servers: 16, seed }).pass(300);
    expect(share).toBeLessThan(0.8);
    expect(meanQueue).toBe(0);
  });

  it('a latency that is never probed by its queue', patient, () => {
    const loop = new Loop(gradient2({ probe: Infinity }), { servers: 8, seed });
    loop.pass(300);
    expect(loop.pass(120).meanQueue).toBeGreaterThan(8);
  });
});

describe.each(seeds)('aimd, before a server of seed %i', (seed) => {
  const refusing = { servers: 16, places: 8, seed };
  const skipping: WorkerPoolOptions<number> = {
    onTaskError: 'skip',
    outcome: (error) => (error instanceof ServerBusyError ? 'dropped' : undefined),
  };

  it(
    'backs off when it turns requests away, and keeps over 80 % of its throughput',
    patient,
    () => {
      const fixed = new Loop(50, refusing, { onTaskError: 'skip' }).pass(10);
      const loop = new Loop(aimd(), refusing, skipping);
      loop.pass(60);
      const { goodShare, refused } = loop.pass(120);
      expect(goodShare).toBeGreaterThan(0.8);
      expect(refused / 120).toBeLessThan(fixed.refused / 10 / 50);
    },
  );

  it(
    'backs off when it loses half of its capacity, and recovers with it within 30 s',
    patient,
    () => {
      const limit = aimd();
      const loop = new Loop(limit, refusing, skipping);
      loop.pass(60);
      loop.scale(0.5);
      loop.pass(30);
      const half = loop.pass(60);
      expect(limit.limit).toBeLessThanOrEqual(16);
      expect(half.goodShare).toBeGreaterThan(0.8);
      loop.scale(1);
      loop.pass(30);
      expect(limit.limit).toBeGreaterThan(16);
      expect(loop.pass(60).goodShare).toBeGreaterThan(0.8);
    },
  );

  it('backs off when requests time out, where a fixed number gets next to nothing', patient, () => {
    const server = { servers: 8, seed };
    const options = { onTaskError: 'skip', taskTimeout: 1500 } as const;
    const fixed = new Loop(200, server, options);
    fixed.pass(60);
    expect(fixed.pass(60).goodShare).toBeLessThan(0.2);
    const loop = new Loop(aimd({ initial: 200 }), server, options);
    loop.pass(60);
    expect(loop.pass(120).goodShare).toBeGreaterThan(0.8);
  });
});
