import type { Network, Stream } from './network.js';
import { Rational } from './rational.js';

const ZERO = Rational.of(0);
const ONE = Rational.of(1);

/**
 * A power series: the stream of its coefficients, from that of x⁰ on. An operation is a process,
 * which reads its operands and computes from them what is asked of it.
 *
 * In the comments f is the first coefficient of F and F̄ what is behind it: F = f + xF̄. Once f has
 * been read, what is left in the stream F is F̄.
 */
export type Series = Stream<Rational>;

/** The series whose coefficient at xⁿ is `coefficient(n)`. */
export function series(network: Network, coefficient: (n: number) => Rational | number): Series {
  return network.produce(async function* () {
    for (let n = 0; ; n++) {
      const c = coefficient(n);
      yield typeof c === 'number' ? Rational.of(c) : c;
    }
  });
}

/** The first `count` coefficients of F. */
export async function coefficients(F: Series, count: number): Promise<Rational[]> {
  const read = [];
  while (read.length < count) read.push(await F.next());
  return read;
}

/** F + G. */
export function plus(F: Series, G: Series): Series {
  return F.network.produce(async function* () {
    for (;;) {
      const [f, g] = await Promise.all([F.next(), G.next()]);
      yield f.plus(g);
    }
  });
}

/** c·F. */
export function scaled(c: Rational, F: Series): Series {
  return F.network.produce(async function* () {
    for await (const f of F) yield c.times(f);
  });
}

/** F·G = fg + x(fḠ + gF̄ + xF̄Ḡ). */
export function times(F: Series, G: Series): Series {
  return F.network.produce(async function* () {
    const [f, g] = await Promise.all([F.next(), G.next()]);
    yield f.times(g);
    const [F1, F2] = F.split();
    const [G1, G2] = G.split();
    const cross = plus(scaled(f, G1), scaled(g, F1));
    yield await cross.next();
    yield* plus(cross, times(F2, G2));
  });
}

/** F′. */
export function derivative(F: Series): Series {
  return F.network.produce(async function* () {
    await F.next();
    for (let n = 1; ; n++) yield (await F.next()).times(Rational.of(n));
  });
}

/** c + ∫F. Its first coefficient is told before F is asked for any: so it can stand in a circle. */
export function integral(F: Series, c = ZERO): Series {
  return F.network.produce(async function* () {
    yield c;
    for (let n = 1; ; n++) yield (await F.next()).over(Rational.of(n));
  });
}

/**
 * The series S = `f`(S): what `f` makes of it is split, and one of the copies is led back. To tell a
 * coefficient, `f` may ask only for those before it.
 */
export function fixed(network: Network, f: (S: Series) => Series): Series {
  const copies: [Series, Series] = [network.stream(), network.stream()];
  network.split(f(copies[0]), copies);
  return copies[1];
}

/** 1/F, by S = (1 - xF̄S)/f. */
export function reciprocal(F: Series): Series {
  return fixed(F.network, (S) =>
    F.network.produce(async function* () {
      const s = ONE.over(await F.next());
      yield s;
      yield* scaled(s.negated(), times(F, S));
    }),
  );
}

/** F(G) = f + xḠ·F̄(G), where g is 0. */
export function composed(F: Series, G: Series): Series {
  return F.network.produce(async function* () {
    yield await F.next();
    const [G1, G2] = G.split();
    const g = await G1.next();
    if (!g.isZero) throw new RangeError(`Expected \`g\` to be 0, got ${String(g)}`);
    yield* times(G1, composed(F, G2));
  });
}

/** e to the F, where f is 0, by S = 1 + ∫F′S. */
export function exp(F: Series): Series {
  return fixed(F.network, (S) => integral(times(derivative(F), S), ONE));
}

/** The S with F(S) = x, where f is 0, by S = x/F̄(S). */
export function reversion(F: Series): Series {
  return fixed(F.network, (S) =>
    F.network.produce(async function* () {
      await F.next();
      yield ZERO;
      yield* reciprocal(composed(F, S));
    }),
  );
}
