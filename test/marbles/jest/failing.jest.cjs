/* global expect, it */
// What jest prints for these is compared by the test that runs it.
const { map } = require('rxjs');
const { flow, marbleMatchers } = require('rxjs-sluice/marbles');

expect.extend(marbleMatchers);

it('fails', () => {
  const { output } = flow(({ hot, record }) => ({
    output: record(hot('--a---b-(c|)').pipe(map((id) => (id === 'a' ? { id } : id)))),
  }));
  expect(output).toHaveEmitted('--a--b--(c|)', { a: { id: 'a' } });
});

it('fails under .not', () => {
  const { output } = flow(({ hot, record }) => ({ output: record(hot('--a|')) }));
  expect(output).not.toHaveEmitted('--a|');
});
