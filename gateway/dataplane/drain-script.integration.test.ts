import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { drainScript } from './drain-script.ts';

describe('drainScript', () => {
  let admin: Server;
  let requests: string[];
  /** Answers to successive questions for active connections and requests; the last one stays. */
  let connections: number[];
  let calls: number[];

  const next = (values: number[]): number => (values.length > 1 ? values.shift() : values[0]) ?? 0;
  const stats = (kind: string, open: number): string =>
    [`http.admin.downstream_${kind}_active: 1`, `http.ready.downstream_${kind}_active: 1`]
      .concat(`http.http-80.downstream_${kind}_active: ${open}`, '')
      .join('\n');

  beforeEach(async () => {
    requests = [];
    admin = createServer((request, response) => {
      const url = request.url ?? '';
      requests.push(`${request.method} ${url}`);
      const [, kind] = /downstream_(cx|rq)_active/.exec(url) ?? [];
      response.end(kind === undefined ? 'OK\n' : stats(kind, next(kind === 'cx' ? connections : calls)));
    }).listen(0, '127.0.0.1');
    await once(admin, 'listening');
  });

  afterEach(() => {
    admin.close();
  });

  const run = async (): Promise<void> => {
    const { port } = admin.address() as AddressInfo;
    const script = drainScript({ waitSeconds: 0, leastSeconds: 1, idleSeconds: 2, mostSeconds: 4 }, port);
    const child = spawn('bash', ['-c', script], { stdio: 'inherit' });
    await once(child, 'exit');
  };
  const asked = (kind: string): number =>
    requests.filter((each) => each.includes(`downstream_${kind}_active`)).length;

  it('drains first, stays ready, and ends with the last connection', async () => {
    connections = [1, 0];
    calls = [1];
    await run();
    expect(requests.filter((each) => each.startsWith('POST'))).to.deep.equal([
      'POST /drain_listeners?graceful&skip_exit',
    ]);
    expect(requests[0]).to.match(/^POST/);
    expect(asked('cx')).to.equal(2);
  });

  it('does not wait for idle connections', async () => {
    connections = [3];
    calls = [0];
    await run();
    expect([asked('cx'), asked('rq')]).to.deep.equal([2, 1]);
  });

  it('waits for calls as long as it may', async () => {
    connections = [3];
    calls = [2];
    await run();
    expect([asked('cx'), asked('rq')]).to.deep.equal([4, 3]);
  });
});
