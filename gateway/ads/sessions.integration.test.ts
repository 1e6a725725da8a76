import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { IrForward, IrRoute, IrSession } from '../ir/ir.ts';
import { forward, irGateway, irHost, irRoute } from '../xds/ir.fixture.ts';
import { EchoClient, startEcho } from './echo.fixture.ts';
import type { EchoAnswer, EchoBackend } from './echo.fixture.ts';
import { RealEnvoy, freePort } from './real-envoy.fixture.ts';

/** One of three stays unused by chance in fewer than 1 of 10^10 runs. */
const many = 60;

describe('a real Envoy that follows the ADS server: sessions', () => {
  let envoy: RealEnvoy;
  let port: number;
  let client: EchoClient;
  const backends: EchoBackend[] = [];
  const clusters: Record<string, number[]> = {};

  before(async () => {
    port = await freePort();
    for (const name of ['a', 'b', 'c', 'd']) backends.push(await startEcho(name));
    const ports = backends.map((backend) => backend.port);
    clusters['pool'] = ports.slice(0, 3);
    clusters['other'] = ports.slice(3);
    envoy = await RealEnvoy.start(irGateway(port, hosts(), clusters));
    client = new EchoClient(port);
    await envoy.untilProgrammed();
  });

  after(async () => {
    client.close();
    for (const backend of backends) backend.stop();
    await envoy.stop();
  });

  const session = (scope: string, changes: Partial<IrSession> = {}): IrSession => ({
    carrier: 'header',
    name: 'x-session',
    scope,
    permanent: false,
    pinned: forward(['pool', 1]) as IrForward,
    ...changes,
  });
  const route = (name: string, own: IrSession, action = forward(['pool', 1])): IrRoute =>
    irRoute(name, { session: own, action });
  const path = (value: string): Partial<IrRoute> => ({
    match: { path: { type: 'exact', value }, headers: [], queryParams: [] },
  });
  const both = forward(['pool', 1], ['other', 1]) as IrForward;
  const hosts = () => [
    irHost('header.test', [route('header', session('a1'))]),
    irHost('*.wild.test', [route('wild', session('a2'))]),
    irHost('cookie.test', [route('cookie', session('a3', { carrier: 'cookie', name: 'sticky' }))]),
    irHost('permanent.test', [
      route(
        'permanent',
        session('a4', { carrier: 'cookie', name: 'sticky', permanent: true, absoluteTimeoutMs: 300_000 }),
      ),
    ]),
    irHost('short.test', [route('short', session('a5', { absoluteTimeoutMs: 1 }))]),
    irHost('idle.test', [route('idle', session('a6', { pinned: both }), forward(['pool', 1]))]),
    irHost('none.test', [
      route('none', session('a6', { pinned: both }), { type: 'respond', httpStatus: 503 }),
    ]),
    irHost('weights.test', [route('weights', session('a6', { pinned: both }), both)]),
    irHost('rules.test', [
      { ...route('one', session('a7')), ...path('/echo.Echo/Unary') },
      { ...route('two', session('a8')), ...path('/echo.Other/Unary') },
    ]),
    irHost('plain.test', [irRoute('plain', { action: forward(['pool', 1]) })]),
  ];

  const tokenOf = ({ headers }: EchoAnswer): string => String(headers.get('x-session')[0] ?? '');
  const call = (host: string, metadata: Record<string, string> = {}): Promise<EchoAnswer> =>
    client.call({ host, metadata });
  /** Who answers `many` calls, one after the other. */
  async function answerers(
    host: string,
    metadata: Record<string, string>,
    method?: string,
  ): Promise<Set<string>> {
    const seen = new Set<string>();
    for (let i = 0; i < many; i++) {
      const { backend, details } = await client.call({ host, metadata, ...(method && { method }) });
      seen.add(backend ?? details);
    }
    return seen;
  }

  for (const host of ['header.test', 'a.wild.test']) {
    it(`keeps a call with a token where it came from: ${host}`, async () => {
      const first = await call(host);
      expect(await answerers(host, {})).to.have.all.keys('a', 'b', 'c');
      expect(await answerers(host, { 'x-session': tokenOf(first) })).to.deep.equal(new Set([first.backend]));
      const again = await call(host, { 'x-session': tokenOf(first) });
      expect(tokenOf(again), 'a token that holds is not given again').to.equal('');
    });
  }

  it('tells nobody of its own headers', async () => {
    const { headers } = await call('header.test');
    expect(Object.keys(headers.getMap()).filter((name) => name.startsWith('x-routeproof'))).to.deep.equal([]);
    for (const { received } of backends)
      for (const metadata of received) expect(metadata.get('x-routeproof-pin')).to.deep.equal([]);
  });

  it('keeps a cookie among others, which ends with the client', async () => {
    const first = await call('cookie.test');
    const [cookie] = first.headers.get('set-cookie').map(String);
    expect(cookie).to.match(/^sticky=[^;]+; Path=\/; HttpOnly; SameSite=Strict$/);
    const sent = `x=1; ${cookie?.split(';')[0] ?? ''}; y=sticky=2`;
    expect(await answerers('cookie.test', { cookie: sent })).to.deep.equal(new Set([first.backend]));
    expect((await call('cookie.test', { cookie: sent })).headers.get('set-cookie')).to.deep.equal([]);
  });

  it('gives a permanent cookie the age of its timeout', async () => {
    const [cookie] = (await call('permanent.test')).headers.get('set-cookie').map(String);
    expect(cookie).to.match(/; Max-Age=300$/);
  });

  it('gives a new token for one that is too old', async () => {
    const first = await call('short.test');
    const seen = await answerers('short.test', { 'x-session': tokenOf(first) });
    expect(seen).to.have.all.keys('a', 'b', 'c');
    expect(tokenOf(await call('short.test', { 'x-session': tokenOf(first) }))).not.to.equal('');
  });

  it('keeps a session whose backend lost its weight, or with which every backend did', async () => {
    let first = await call('weights.test');
    while (first.backend !== 'd') first = await call('weights.test');
    const metadata = { 'x-session': tokenOf(first) };
    for (const host of ['weights.test', 'idle.test', 'none.test']) {
      expect(await answerers(host, metadata), host).to.deep.equal(new Set(['d']));
    }
    expect(await answerers('idle.test', {})).not.to.include('d');
    expect((await call('none.test')).code).to.equal(status.UNAVAILABLE);
  });

  it('honours the tokens of other rules nowhere', async () => {
    const token = tokenOf(await client.call({ host: 'rules.test', method: '/echo.Echo/Unary' }));
    expect(await answerers('rules.test', { 'x-session': token })).to.have.property('size', 1);
    expect(await answerers('rules.test', { 'x-session': token }, '/echo.Other/Unary')).to.have.all.keys(
      'a',
      'b',
      'c',
    );
    expect(await answerers('plain.test', { 'x-session': token })).to.have.all.keys('a', 'b', 'c');
  });

  it('takes no token for more than a choice among its own endpoints', async () => {
    const token = tokenOf(await call('header.test'));
    const other = backends[3]?.port ?? 0;
    const forged = [
      token.replace(/:\d+$/, `:${other}`),
      token.replace(/[^.]*:\d+$/, 'nonsense'),
      token.replace(/^[^.]*\.[^.]*/, 'a1.ffffffffffff'),
      'a1',
    ];
    for (const value of forged) {
      const seen = await answerers('header.test', { 'x-session': value, 'x-routeproof-pin': 'ffffffffffff' });
      expect(seen, value).to.have.all.keys('a', 'b', 'c');
    }
  });
});
