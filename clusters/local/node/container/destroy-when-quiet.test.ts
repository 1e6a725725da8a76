import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { destroyWhenQuiet } from './destroy-when-quiet.ts';

describe('destroyWhenQuiet', () => {
  const dir = mkdtempSync(join(tmpdir(), 'rp-quiet-'));
  const server = createServer();
  let reader: Socket;
  let writer: Socket;

  beforeEach(async () => {
    server.listen(join(dir, 'socket'));
    await once(server, 'listening');
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    reader = createConnection(join(dir, 'socket'));
    [writer] = await accepted;
  });
  afterEach(async () => {
    writer.destroy();
    reader.destroy();
    server.close();
    await once(server, 'close');
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it('ends a stream that nobody writes to any more', async () => {
    destroyWhenQuiet([reader], 1);
    await once(reader, 'close');
    expect(reader.destroyed).to.equal(true);
  });

  it('loses nothing that was written while the process could not look', async () => {
    const text = 'x'.repeat(50_000);
    writer.write(text);
    const stop = destroyWhenQuiet([reader], 1);
    // The timer is due long before the socket is looked at.
    const until = performance.now() + 20;
    while (performance.now() < until);
    let seen = '';
    // A reader that is slower than the timer.
    const reading = async (): Promise<void> => {
      for await (const chunk of reader) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        seen += String(chunk);
      }
    };
    // As for a log: the end by force is an error.
    await reading().catch(() => undefined);
    stop();
    expect(seen).to.equal(text);
  });
});
