import { throwError } from 'rxjs';
import { Channel } from 'rxjs-sluice';
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
