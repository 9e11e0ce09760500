/* global describe, expect, it */
const { concat, of, throwError } = require('rxjs');
const { flow, marbleMatchers } = require('rxjs-sluice/marbles');
const { backpressure, bufferedChannel } = require('rxjs-sluice/operators');

expect.extend(marbleMatchers);

describe('under jest', () => {
  it('a flow is recorded and matched', () => {
    const { source, input, output } = flow(({ pull, record, stage }) => {
      const source = pull('abc|');
      const input = stage();
      const output = record(source.pipe(bufferedChannel(2, input)), { takes: '------x--x--x' });
      return { source, input, output };
    });
    expect(source).toHavePulled('    (ab)--c--|');
    expect(source).toHaveSubscribed('^--------!');
    expect(input).toHaveHeld('       2-----2--1--0');
    expect(input).toHaveParked('');
    expect(input).toHaveDropped('');
    expect(output).toHaveEmitted('   ------a--b--(c|)');
    expect(output).not.toHaveEmitted('------a--b--c|');
  });

  it('drops and pauses are matched', () => {
    const { dropping, socket } = flow(({ hot, pausable, record, stage }) => {
      const dropping = stage();
      const dropped = hot('(ab)-|').pipe(
        bufferedChannel(1, { ...dropping, overflow: 'drop-newest' }),
      );
      record(dropped, { takes: '----x' });
      const socket = pausable('abc|');
      const { pause, resume } = socket;
      record(socket.pipe(backpressure({ pause, resume }), bufferedChannel(1)), { takes: '---xxx' });
      return { dropping, socket };
    });
    expect(dropping).toHaveDropped('b', 'overflow');
    expect(socket).toHavePaused('p--r');
  });

  it('values are compared as toEqual does', () => {
    const failure = new TypeError('lost');
    const { output } = flow(({ record }) => ({
      output: record(
        concat(
          of({ id: 1, at: new Set(['x']) }),
          throwError(() => failure),
        ),
      ),
    }));
    const at = new Set(['x']);
    expect(output).toHaveEmitted('(a#)', { a: { id: expect.any(Number), at } }, failure);
    expect(output).not.toHaveEmitted('(a#)', { a: { id: 1, at: new Set(['y']) } }, failure);
  });
});
