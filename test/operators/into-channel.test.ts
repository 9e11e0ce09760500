import { Subject, throwError } from 'rxjs';
import { Channel, ChannelClosedError } from 'rxjs-sluice';
import { intoChannel, pullFrom } from 'rxjs-sluice/operators';
import { expect, it } from 'vitest';

it.each([['error'], [null], [undefined]])(
  'a source that fails with %o is no clean end of the channel',
  (error) => {
    const channel = new Channel<number>(1);
    const heard: unknown[] = [];
    throwError(() => error)
      .pipe(intoChannel(channel))
      .subscribe({ error: (told) => heard.push(told) });
    pullFrom(channel).subscribe({ error: (told) => heard.push(told) });
    expect(heard).toEqual([error, error === undefined ? new Error('undefined') : error]);
  },
);

it('a receiver that closes the channel with the last value does not fail the pipe: the next value does', () => {
  const heardOf = (values: readonly number[]) => {
    const channel = new Channel<number>();
    const source = new Subject<number>();
    const heard: unknown[] = [];
    const onDrop = (value: number) => heard.push(['dropped', value]);
    channel.receiveWith(
      ({ value }) => {
        heard.push(value);
        channel.close();
      },
      () => {},
    );
    source.pipe(intoChannel(channel, { onDrop })).subscribe({
      error: (error) => heard.push(error),
      complete: () => heard.push('|'),
    });
    for (const value of values) source.next(value);
    source.complete();
    return heard;
  };
  expect(heardOf([1])).toEqual([1, '|']);
  expect(heardOf([1, 2])).toEqual([1, ['dropped', 2], new ChannelClosedError(2)]);
});
