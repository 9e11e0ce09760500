import { WebSocket } from 'undici';

interface Frame {
  readonly functionName: string;
  readonly location: { readonly scriptId: string };
}

/** What the inspector tells: which scripts there are, and where it has made the program pause. */
interface Message {
  readonly method?: string;
  readonly params: {
    readonly scriptId: string;
    readonly url: string;
    readonly callFrames: readonly Frame[];
  };
}

const SAMPLES = 20;

/**
 * What a process is busy with: the functions of programs and of the library in which the inspector at
 * `url` finds it, in so many samples or until the signal aborts.
 */
export async function busyWith(url: string, signal: AbortSignal): Promise<string[]> {
  signal.throwIfAborted();
  const found = new Set<string>();
  await new Promise<void>((resolve, reject) => {
    const socket = new WebSocket(url);
    const scripts = new Map<string, string>();
    let samples = 0;
    let id = 0;
    const ask = (method: string) => socket.send(JSON.stringify({ id: ++id, method }));
    const end = () => {
      socket.close();
      resolve();
    };
    signal.onabort = end;
    socket.onerror = ({ message }) => reject(new Error(message));
    socket.onopen = () => {
      ask('Debugger.enable');
      ask('Debugger.pause');
    };
    socket.onmessage = ({ data }) => {
      const { method, params } = JSON.parse(String(data)) as Message;
      if (method === 'Debugger.scriptParsed') scripts.set(params.scriptId, params.url);
      if (method === 'Debugger.resumed') ask('Debugger.pause');
      if (method !== 'Debugger.paused') return;
      for (const { functionName, location } of params.callFrames) {
        const script = scripts.get(location.scriptId) ?? '';
        const [, file] = /\/((?:src|test\/programs)\/.*\.ts)/.exec(script) ?? [];
        if (file !== undefined && !file.endsWith('/host.ts'))
          found.add(`${functionName} (${file})`);
      }
      if (++samples === SAMPLES) end();
      else ask('Debugger.resume');
    };
  });
  return [...found];
}
