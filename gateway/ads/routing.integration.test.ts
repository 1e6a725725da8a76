import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { forward, irGateway, irHost, irRoute } from '../xds/ir.fixture.ts';
import { EchoClient, startEcho } from './echo.fixture.ts';
import type { EchoBackend } from './echo.fixture.ts';
import { RealEnvoy, freePort } from './real-envoy.fixture.ts';

describe('a real Envoy that follows the ADS server: routing', () => {
  let envoy: RealEnvoy;
  let port: number;
  let client: EchoClient;
  const backends: EchoBackend[] = [];
  const clusters: Record<string, number[]> = {};

  before(async () => {
    port = await freePort();
    for (const name of ['v1', 'v2', 'v3']) {
      const backend = await startEcho(name);
      backends.push(backend);
      clusters[name] = [backend.port];
    }
    clusters['empty'] = [];
    clusters['refused'] = [await freePort()];
    envoy = await RealEnvoy.start(irGateway(port, hosts(), clusters));
    client = new EchoClient(port);
    await envoy.untilProgrammed();
  });

  after(async () => {
    client.close();
    for (const backend of backends) backend.stop();
    await envoy.stop();
  });

  const hosts = () => [
    irHost('exact.example.com', [
      irRoute('header', {
        match: {
          path: { type: 'prefix', value: '/echo.Echo' },
          headers: [{ name: 'x-version', match: { type: 'exact', value: 'v2' } }],
          queryParams: [],
        },
        action: forward(['v2', 1]),
      }),
      irRoute('method', {
        match: { path: { type: 'exact', value: '/echo.Echo/Unary' }, headers: [], queryParams: [] },
        action: forward(['v1', 1]),
      }),
    ]),
    irHost(
      'closed.example.com',
      [
        irRoute('closed', {
          match: { path: { type: 'exact', value: '/echo.Other/Unary' }, headers: [], queryParams: [] },
          action: forward(['v1', 1]),
        }),
      ],
      false,
    ),
    irHost('*.example.com', [irRoute('wild', { action: forward(['v3', 1]) })]),
    irHost('*.deep.example.com', [
      irRoute('deep', {
        match: { path: { type: 'exact', value: '/echo.Other/Unary' }, headers: [], queryParams: [] },
        action: forward(['v2', 1]),
      }),
    ]),
    irHost('invalid.test', [irRoute('invalid', { action: forward([undefined, 1]) })]),
    irHost('empty.test', [irRoute('empty', { action: forward(['empty', 1]) })]),
    irHost('refused.test', [irRoute('refused', { action: forward(['refused', 1]) })]),
    irHost('half.test', [irRoute('half', { action: forward(['v1', 1], [undefined, 1]) })]),
    irHost('filter.test', [
      irRoute('filter', {
        requestHeaders: {
          set: [{ name: 'x-set', value: '100%' }],
          add: [{ name: 'x-add', value: 'b' }],
          remove: ['x-gone'],
        },
        responseHeaders: { set: [{ name: 'x-answer', value: 'yes' }], add: [], remove: ['x-trailer'] },
        mirrors: [{ cluster: 'v2', numerator: 1, denominator: 1 }],
        action: forward(['v1', 1]),
      }),
    ]),
  ];

  const table: [string, Parameters<EchoClient['call']>[0], string | status][] = [
    ['exact method', { host: 'exact.example.com' }, 'v1'],
    ['port in the authority', { host: 'exact.example.com:80' }, 'v1'],
    ['upper case', { host: 'EXACT.example.com' }, 'v1'],
    ['header', { host: 'exact.example.com', metadata: { 'x-version': 'v2' } }, 'v2'],
    ['two values are one list', { host: 'exact.example.com', metadata: { 'x-version': ['v2', 'v1'] } }, 'v1'],
    ['fall-through to the wildcard', { host: 'exact.example.com', method: '/echo.Other/Unary' }, 'v3'],
    ['no fall-through', { host: 'closed.example.com' }, status.UNIMPLEMENTED],
    ['wildcard', { host: 'a.b.example.com' }, 'v3'],
    ['longest wildcard', { host: 'a.deep.example.com', method: '/echo.Other/Unary' }, 'v2'],
    ['wildcard to wider wildcard', { host: 'a.deep.example.com' }, 'v3'],
    ['the bare suffix', { host: 'example.com' }, status.UNIMPLEMENTED],
    [
      'a scope chosen by the client',
      { host: 'example.com', metadata: { 'x-routeproof-scope': 'http/x' } },
      status.UNIMPLEMENTED,
    ],
    ['invalid backend', { host: 'invalid.test' }, status.UNAVAILABLE],
    ['no endpoints', { host: 'empty.test' }, status.UNAVAILABLE],
    ['refused connection', { host: 'refused.test' }, status.UNAVAILABLE],
  ];
  for (const [title, call, expected] of table) {
    it(`answers: ${title}`, async () => {
      const answer = await client.call(call);
      expect(answer.backend ?? answer.code, answer.details).to.equal(expected);
    });
  }

  it('gives an invalid share its part of the calls', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => client.call({ host: 'half.test' })));
    const failed = answers.filter(({ code }) => code === status.UNAVAILABLE).length;
    // 200 coins: outside of 60 to 140 once in 10^8 runs.
    expect(failed).to.be.within(60, 140);
    expect(answers.filter(({ backend }) => backend === 'v1').length).to.equal(200 - failed);
  });

  it('edits headers and mirrors', async () => {
    const [first, second] = backends;
    const answer = await client.call({
      host: 'filter.test',
      metadata: { 'x-gone': '1', 'x-add': 'a', 'x-set': '0' },
    });
    const seen = first?.received.at(-1);
    expect(seen?.get('x-set')).to.deep.equal(['100%']);
    expect(seen?.get('x-add').join(',').replaceAll(' ', '')).to.equal('a,b');
    expect(seen?.get('x-gone')).to.deep.equal([]);
    expect(seen?.get('x-routeproof-scope')).to.deep.equal([]);
    expect(Object.keys(seen?.getMap() ?? {}).filter((name) => name.startsWith('x-envoy-'))).to.deep.equal([]);
    expect(answer.headers.get('x-answer')).to.deep.equal(['yes']);
    // The mirrored call may arrive later: the next call of ours to v2 comes after it on the same connection or not at all.
    while (second?.received.some((metadata) => metadata.get('x-set').includes('100%')) !== true) {
      await client.call({ host: 'exact.example.com', metadata: { 'x-version': 'v2' } });
    }
  });

  it('keeps status, details and trailers', async () => {
    const answer = await client.call({ host: 'exact.example.com', metadata: { 'x-fail': '1' } });
    expect([answer.code, answer.details]).to.deep.equal([status.DATA_LOSS, 'as asked']);
    expect(answer.trailers.get('grpc-status-details-bin')[0]?.toString()).to.equal('details');
    expect(answer.trailers.get('x-trailer')).to.deep.equal(['v1']);
  });

  it('honours the deadline', async () => {
    const answer = await client.call({
      host: 'exact.example.com',
      metadata: { 'x-hang': '1' },
      deadlineMs: 200,
    });
    expect(answer.code).to.equal(status.DEADLINE_EXCEEDED);
  });
});
