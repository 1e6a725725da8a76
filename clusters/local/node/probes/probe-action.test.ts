import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { probeOnce } from './probe-action.ts';

const container = { name: 'main', image: 'none' };
const neverRun = (): Promise<never> => Promise.reject(new Error('no command is part of this'));

function holdUp(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('probes of a node agent that is held up', () => {
  let server: Server;
  let port: number;
  const target = { container, podIp: '127.0.0.1', exec: neverRun };

  beforeEach(async () => {
    server = createServer((request, response) => {
      if (request.url === '/ready') response.end('yes');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('takes an HTTP answer that it could not read in time', async () => {
    const asked = probeOnce({ httpGet: { port, path: '/ready' }, timeoutSeconds: 0.1 }, target);
    holdUp(300);
    expect(await asked).to.include({ ok: true });
  });

  it('takes a connection that it could not see in time', async () => {
    const asked = probeOnce({ tcpSocket: { port }, timeoutSeconds: 0.1 }, target);
    holdUp(300);
    expect(await asked).to.include({ ok: true });
  });

  it('still gives up on a program that does not answer', async () => {
    const asked = probeOnce({ httpGet: { port, path: '/hangs' }, timeoutSeconds: 0.1 }, target);
    holdUp(300);
    expect(await asked).to.deep.equal({ ok: false, message: 'no answer within 100 ms' });
  });
});
