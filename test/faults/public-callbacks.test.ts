import { describe, expect, it } from 'vitest';
import { inputs } from './inputs.js';
import { exercises } from './operator-exercises.js';
import { programOf, publicCallbacks, type Kind } from './public-callbacks.js';
import { drills } from './toolkit-drills.js';

const program = programOf('src/index.ts', 'operators/index.ts', 'test/faults/planted-types.ts');

const names = (given: readonly { readonly seat: string }[]): string[] => [
  ...new Set(given.map(({ seat }) => seat)),
];

it('every callback in public types is found: nested, in unions, generic, inherited, left over', () => {
  expect(Object.fromEntries(publicCallbacks(program, 'test/faults/planted-types.ts'))).toEqual({
    'less.options.deeper.still': 'function',
    'planted.project': 'function',
    'planted.project()': 'input',
    'planted.options.deeper.still': 'function',
    'planted.options.time.schedule': 'function',
    'planted.options.time.now': 'function',
    'planted.options.limit': 'input',
    'planted.options.limit.level$': 'input',
    'planted.options.limit.hear': 'function',
    'Planted.made': 'function',
    'Planted.method.input': 'iterator',
    'Handed.later.callback': 'function',
  });
});

describe('in the public types of the operators', () => {
  const found = [...publicCallbacks(program, 'operators/index.ts')];
  const of = (kind: Kind) => found.filter(([, each]) => each === kind).map(([seat]) => seat);

  it('every callback is made to throw', () => {
    // The first of a channel and, in `misdeeds.ts`, of a stage; the second in `iterators.test.ts`.
    const elsewhere = ['Demand.onAvailable.resume', 'pullFrom.options.onDrop'];
    // A scheduler is the host's part: one that throws is as broken as a host whose `setTimeout` does.
    const callbacks = of('function').filter((seat) => !/\.scheduler\.(now|schedule)$/.test(seat));
    expect([...names(exercises), ...elsewhere].sort()).toEqual(callbacks.sort());
  });

  it('every input is given whims', () => {
    const sources = ['explain.source', 'toAsyncIterable.source']; // those meet `misdeeds.ts`
    expect([...names(inputs), ...sources].sort()).toEqual(of('input').sort());
  });

  it('there is nothing to pull but what `iterators.test.ts` and `streams.test.ts` pull', () => {
    expect(of('iterator')).toEqual(['pullFrom.input']);
  });
});

it('every callback in the public types of the toolkit is made to throw', () => {
  const found = [...publicCallbacks(program, 'src/index.ts').keys()];
  // What the library itself gives a clock; and what only `after` would call, which never happens there.
  const none = ['Clock.schedule.task', 'trySelect.options.clock.schedule'];
  expect([...names(drills), ...none].sort()).toEqual(found.sort());
});
