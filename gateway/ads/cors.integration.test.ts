import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { IrCors, IrRoute } from '../ir/ir.ts';
import { forward, irHost, irRoute } from '../xds/ir.fixture.ts';
import { RealEnvoy, freePort } from './real-envoy.fixture.ts';

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

const cors: IrCors = {
  allowOrigins: ['https://a\\.test', 'https://[^/:]+\\.b\\.test'],
  allowMethods: ['GET', 'PUT'],
  allowHeaders: ['x-a', 'x-b'],
  exposeHeaders: ['x-c'],
  allowCredentials: true,
  maxAgeSeconds: 60,
};
const everything: IrCors = { ...cors, allowOrigins: ['.*'], allowMethods: ['*'], allowHeaders: ['*'] };

describe('a real Envoy that follows the ADS server: CORS and WebSocket', () => {
  let envoy: RealEnvoy;
  let backend: Server;
  let port: number;

  before(async () => {
    backend = createServer((_request, response) => response.end('from the backend'));
    backend.on('upgrade', (_request, socket) => {
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    });
    backend.listen(0, '127.0.0.1');
    await once(backend, 'listening');
    port = await freePort();
    const route = (path: string, more: Partial<IrRoute>): IrRoute =>
      irRoute(path, {
        protocol: 'http',
        match: { path: { type: 'prefix', value: path }, headers: [], queryParams: [] },
        action: forward(['web', 1]),
        ...more,
      });
    const hosts = [
      irHost('web.test', [
        route('/some', { cors }),
        route('/all', { cors: everything }),
        route('/plain', {}),
      ]),
    ];
    envoy = await RealEnvoy.start({
      key: 'test/gateway',
      ports: [{ port, protocol: 'HTTP', tables: [{ id: 'http', hosts }] }],
      clusters: [
        {
          name: 'web',
          protocol: 'http1',
          endpoints: [{ address: '127.0.0.1', port: (backend.address() as AddressInfo).port }],
        },
      ],
    });
    await envoy.untilProgrammed();
  });

  after(async () => {
    await envoy.stop();
    backend.closeAllConnections();
    backend.close();
  });

  async function call(method: string, path: string, headers: Record<string, string>): Promise<Answer> {
    const sent = request({ port, method, path, headers: { host: 'web.test', ...headers } }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    let body = '';
    for await (const chunk of response.setEncoding('utf8')) body += String(chunk);
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  }

  const preflight = (path: string, origin: string): Promise<Answer> =>
    call('OPTIONS', path, {
      origin,
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'x-own',
    });

  for (const origin of ['https://a.test', 'https://x.y.b.test']) {
    it(`answers a preflight from ${origin} itself`, async () => {
      const { status, headers, body } = await preflight('/some', origin);
      expect(status).to.equal(200);
      expect(body).to.equal('');
      expect(headers).to.include({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, PUT',
        'access-control-allow-headers': 'x-a, x-b',
        'access-control-allow-credentials': 'true',
        'access-control-max-age': '60',
      });
    });
  }

  for (const origin of ['https://evil.test', 'http://a.test', 'https://a.test.evil.test', 'https://b.test']) {
    it(`refuses a preflight from ${origin} without any CORS header`, async () => {
      const { status, headers, body } = await preflight('/some', origin);
      expect(status).to.equal(403);
      expect(body).to.equal('');
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).to.deep.equal([]);
    });
  }

  it('marks the answer to a call from an allowed origin, and no other', async () => {
    const allowed = await call('GET', '/some', { origin: 'https://a.test' });
    expect(allowed.body).to.equal('from the backend');
    expect(allowed.headers).to.include({
      'access-control-allow-origin': 'https://a.test',
      'access-control-expose-headers': 'x-c',
    });
    const other = await call('GET', '/some', { origin: 'https://evil.test' });
    expect(other.body).to.equal('from the backend');
    expect(other.headers).not.to.have.property('access-control-allow-origin');
  });

  it('tells a preflight what it asked for where everything is allowed', async () => {
    const { headers } = await preflight('/all', 'https://any.test:8443');
    expect(headers).to.include({
      'access-control-allow-origin': 'https://any.test:8443',
      'access-control-allow-methods': 'PATCH',
      'access-control-allow-headers': 'x-own',
    });
  });

  it('lets preflights pass where no route says anything about them', async () => {
    const { headers, body } = await preflight('/plain', 'https://evil.test');
    expect(body).to.equal('from the backend');
    expect(headers).not.to.have.property('access-control-allow-origin');
  });

  it('hands a WebSocket on', async () => {
    const headers = { host: 'web.test', connection: 'Upgrade', upgrade: 'websocket' };
    const sent = request({ port, path: '/plain', headers }).end();
    const [response] = (await once(sent, 'upgrade')) as [IncomingMessage];
    expect(response.statusCode).to.equal(101);
  });
});
