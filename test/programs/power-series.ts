/**
 * Power series with exact coefficients, computed by processes that ask each other: M. Douglas
 * McIlroy, "Squinting at Power Series" (1990); Go's test/chan/powser1.go. There the processes wait on
 * for ever when all is computed; here they are ended.
 */
import { Network } from './power-series/network.js';
import { Rational } from './power-series/rational.js';
import {
  coefficients,
  composed,
  exp,
  fixed,
  integral,
  plus,
  reciprocal,
  reversion,
  series,
  times,
  type Series,
} from './power-series/series.js';

/** x + x² + x³ + …, which is x/(1 - x). */
const geometric = (network: Network) => series(network, (n) => (n === 0 ? 0 : 1));

/** eˣ, by S = 1 + ∫S. */
const exponential = (network: Network) => fixed(network, (S) => integral(S, Rational.of(1)));

/** tan x, by T = ∫(1 + T²). */
const tangent = (network: Network) =>
  fixed(network, (T) => {
    const one = series(network, (n) => (n === 0 ? 1 : 0));
    return integral(plus(one, times(...T.split())));
  });

/** The first `count` coefficients of what `make` makes, whose processes are ended then. */
async function first(count: number, make: (network: Network) => Series): Promise<string[]> {
  const network = new Network();
  try {
    return (await coefficients(make(network), count)).map(String);
  } finally {
    await network.close();
  }
}

export async function main() {
  return {
    // The generating function of A000262, "sets of lists". The coefficients of exp(1/(1 - x)), which is
    // this times e, would not be rational.
    'exp(x/(1 - x))': await first(21, (network) => exp(geometric(network))),
    'the same, composed': await first(12, (network) =>
      composed(exponential(network), geometric(network)),
    ),
    'tan x': await first(21, tangent),
    'arctan x': await first(10, (network) => reversion(tangent(network))),
    'tan(arctan x)': await first(8, (network) =>
      composed(tangent(network), reversion(tangent(network))),
    ),
    '1/x': await first(1, (network) => reciprocal(series(network, (n) => (n === 1 ? 1 : 0)))).catch(
      String,
    ),
  };
}
