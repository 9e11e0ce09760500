import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chunks } from './chunks.js';

/** A server on this host whose one answer is so many bytes, sent as fast as its client takes them. */
export class SourceServer {
  /** The digest of what it has sent, once that is all. */
  sent: string | undefined;
  private readonly server: Server;

  constructor(bytes: number) {
    this.server = createServer((_, response) => {
      void (async () => {
        const hash = createHash('sha256');
        for (const chunk of chunks(bytes, hash)) {
          if (!response.write(chunk)) await once(response, 'drain');
        }
        this.sent = hash.digest('hex');
        response.end();
      })();
    });
  }

  /** Where it is. */
  async listen(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
