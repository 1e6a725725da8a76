import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { IrGateway, IrHost, IrRoute, IrStringMatch } from '../ir/ir.ts';
import { forward, irHost, irRoute } from '../xds/ir.fixture.ts';
import { RealEnvoy, freePort } from './real-envoy.fixture.ts';

interface Answer {
  status: number;
  location: string | undefined;
  /** `METHOD host path` as the backend saw it. */
  body: string;
}

describe('a real Envoy that follows the ADS server: HTTP', () => {
  let envoy: RealEnvoy;
  let backend: Server;
  let port: number;
  /** Of calls to /flaky. */
  let tries = 0;

  const prefix = (value: string): IrStringMatch => ({ type: 'prefix', value });
  const http = (
    name: string,
    path: IrStringMatch,
    action: IrRoute['action'],
    more: Partial<IrRoute> = {},
  ): IrRoute =>
    irRoute(name, { protocol: 'http', match: { path, headers: [], queryParams: [] }, action, ...more });
  const rewrite = (
    path: { type: 'full' | 'prefix'; value: string },
    hostname?: string,
  ): IrRoute['action'] => ({
    type: 'forward',
    backends: [{ weight: 1, cluster: 'web' }],
    rewrite: { path, ...(hostname !== undefined && { hostname }) },
  });
  const redirect = (more: object): IrRoute['action'] => ({ type: 'redirect', httpStatus: 302, ...more });

  /** Without a name for the new host. */
  const redirects = [
    http('to-https', prefix('/https'), redirect({ scheme: 'https', port: 443 })),
    http('to-http', prefix('/http'), redirect({ scheme: 'http', port: 80 })),
    http('to-http-443', prefix('/odd'), redirect({ scheme: 'http', port: 443 })),
    http('to-listener', prefix('/listener'), redirect({})),
  ];
  const hosts = (): IrHost[] => [
    irHost('*.wild.test', redirects),
    irHost('web.test', [
      http('elements', prefix('/api/'), forward(['web', 1])),
      http('query', prefix('/search'), forward(['web', 1]), {
        match: {
          path: prefix('/search'),
          method: 'GET',
          headers: [],
          queryParams: [{ name: 'q', match: { type: 'exact', value: 'yes' } }],
        },
      }),
      http('invalid', prefix('/invalid'), forward([undefined, 1])),
      http('half', prefix('/half'), forward(['web', 1], [undefined, 1_000_000])),
      http('respond', prefix('/gone'), { type: 'respond', httpStatus: 503 }),
      http('retried', prefix('/flaky/retried'), forward(['web', 1]), {
        retry: { codes: [503], attempts: 2, backoffMs: 1 },
      }),
      http('other-code', prefix('/flaky/other'), forward(['web', 1]), {
        retry: { codes: [500], attempts: 2 },
      }),
      http('off', prefix('/flaky/off'), forward(['web', 1]), { retry: { codes: [503], attempts: 0 } }),
      http('plain', prefix('/flaky/plain'), forward(['web', 1])),
      http('slow', prefix('/slow'), forward(['web', 1]), { timeoutMs: 100 }),
      http('to-root', prefix('/root'), rewrite({ type: 'prefix', value: '/' })),
      http('to-prefix', prefix('/old'), rewrite({ type: 'prefix', value: '/new' }, 'other.test')),
      http('to-full', prefix('/full'), rewrite({ type: 'full', value: '/one\\path' })),
      http(
        'moved',
        prefix('/moved'),
        redirect({ scheme: 'https', port: 443, hostname: 'new.test', httpStatus: 301 }),
      ),
      http('moved-path', prefix('/away'), redirect({ port: 8080, path: { type: 'prefix', value: '/here' } })),
      ...redirects,
      irRoute('grpc-only', {
        match: { path: prefix('/grpc.Service'), headers: [], queryParams: [] },
        action: forward(['web', 1]),
      }),
    ]),
  ];

  before(async () => {
    backend = createServer((received, response) => {
      if (received.url?.startsWith('/slow') === true) return;
      if (received.url?.startsWith('/flaky') === true) {
        const failures = Number(new URL(received.url, 'http://x').searchParams.get('failures'));
        if (++tries <= failures) response.statusCode = 503;
        response.end(String(tries));
        return;
      }
      response.end(`${received.method} ${received.headers.host} ${received.url}`);
    }).listen(0, '127.0.0.1');
    await once(backend, 'listening');
    port = await freePort();
    const endpoints = [{ address: '127.0.0.1', port: (backend.address() as AddressInfo).port }];
    const gateway: IrGateway = {
      key: 'test/gateway',
      ports: [{ port, protocol: 'HTTP', tables: [{ id: 'http', hosts: hosts() }] }],
      clusters: [{ name: 'web', protocol: 'http1', endpoints }],
    };
    envoy = await RealEnvoy.start(gateway);
    await envoy.untilProgrammed();
  });

  after(async () => {
    backend.closeAllConnections();
    backend.close();
    await envoy.stop();
  });

  const get = (path: string, host = 'web.test'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request({ port, path, headers: { host } }, (response: IncomingMessage) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, location: response.headers.location, body });
        });
      });
      sent.on('error', reject).end();
    });

  const table: [string, string, Partial<Answer>][] = [
    ['a prefix by element', '/api/users', { status: 200, body: 'GET web.test /api/users' }],
    ['the prefix itself', '/api', { status: 200 }],
    ['no prefix within an element', '/apis', { status: 404 }],
    ['a query parameter', '/search?q=yes&p=1', { status: 200, body: 'GET web.test /search?q=yes&p=1' }],
    ['another query parameter', '/search?q=no', { status: 404 }],
    ['an invalid backend', '/invalid', { status: 500 }],
    ['an invalid share', '/half', { status: 500 }],
    ['a response of its own', '/gone', { status: 503 }],
    ['a timeout', '/slow', { status: 504 }],
    ['prefix to /', '/root/a', { status: 200, body: 'GET web.test /a' }],
    ['prefix to / of nothing more', '/root', { status: 200, body: 'GET web.test /' }],
    ['prefix and host', '/old/a?b=c', { status: 200, body: 'GET other.test /new/a?b=c' }],
    ['full path', '/full/a?b=c', { status: 200, body: 'GET web.test /one\\path?b=c' }],
    ['redirect of host and scheme', '/moved/a', { status: 301, location: 'https://new.test/moved/a' }],
    ['redirect of port and prefix', '/away/a', { status: 302, location: 'http://web.test:8080/here/a' }],
    ['a gRPC route to a browser', '/grpc.Service/Method', { status: 404 }],
  ];
  for (const [title, path, expected] of table) {
    it(`answers: ${title}`, async () => expect(await get(path)).to.include(expected));
  }

  const retried: [string, string, Partial<Answer>][] = [
    ['retries a status that is named', '/flaky/retried?failures=2', { status: 200, body: '3' }],
    ['retries as often as it says', '/flaky/retried?failures=3', { status: 503, body: '3' }],
    ['does not retry another status', '/flaky/other?failures=1', { status: 503, body: '1' }],
    ['does not retry at zero attempts', '/flaky/off?failures=1', { status: 503, body: '1' }],
    ['does not retry an answer of its own accord', '/flaky/plain?failures=1', { status: 503, body: '1' }],
  ];
  for (const [title, path, expected] of retried) {
    it(title, async () => {
      tries = 0;
      expect(await get(path)).to.include(expected);
    });
  }

  const locations: [string, string, string][] = [
    ['https', '/https/a?b=c', 'https://HOST/https/a?b=c'],
    ['http', '/http/a', 'http://HOST/http/a'],
    ['http at the port of https', '/odd', 'http://HOST:443/odd'],
    ['the port of the listener', '/listener', 'http://HOST:PORT/listener'],
  ];
  for (const host of ['web.test', 'a.wild.test']) {
    for (const [title, path, location] of locations) {
      it(`redirects ${host} to ${title}, whatever port the client names`, async () => {
        const expected = location.replace('HOST', host).replace('PORT', String(port));
        for (const authority of [host, `${host}:80`, `${host}:1234`]) {
          expect((await get(path, authority)).location, authority).to.equal(expected);
        }
      });
    }
  }
});
