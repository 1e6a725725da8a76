import { once } from 'node:events';
import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { IrGateway, IrHost } from '../ir/ir.ts';
import { forward, irGateway, irHost, irRoute } from '../xds/ir.fixture.ts';
import { EchoClient, startEcho } from './echo.fixture.ts';
import type { EchoBackend } from './echo.fixture.ts';
import { underLoad } from './load.fixture.ts';
import { RealEnvoy, freePort } from './real-envoy.fixture.ts';

describe('a real Envoy that follows the ADS server: changes', () => {
  let envoy: RealEnvoy;
  let port: number;
  let client: EchoClient;
  let v1: EchoBackend;
  let v2: EchoBackend;

  const start = async (hosts: IrHost[]): Promise<void> => {
    [v1, v2, port] = await Promise.all([startEcho('v1'), startEcho('v2'), freePort()]);
    envoy = await RealEnvoy.start(gateway(hosts));
    client = new EchoClient(port);
    await envoy.untilProgrammed();
  };
  const gateway = (hosts: IrHost[], clusters: Record<string, number[]> = {}): IrGateway =>
    irGateway(port, hosts, { v1: [v1.port], v2: [v2.port], ...clusters });
  const toV1 = (hostname: string): IrHost =>
    irHost(hostname, [irRoute(hostname, { action: forward(['v1', 1]) })]);
  const badRoute = (name: string) =>
    irRoute(name, {
      match: { path: { type: 'regex', value: '/echo.Echo/(' }, headers: [], queryParams: [] },
      action: forward(['v1', 1]),
    });
  /** Calls until a backend answers as wanted: what was sent before it has then been applied. */
  const untilAnsweredBy = async (host: string, backend: string | undefined): Promise<void> => {
    while ((await client.call({ host })).backend !== backend);
  };

  afterEach(async () => {
    client.close();
    v1.stop();
    v2.stop();
    await envoy.stop();
  });

  it('loses no call when clusters come and go under load', async () => {
    await start([toV1('a.test')]);
    const load = underLoad(client, 'a.test');
    const seen = new Set<string | undefined>();
    for (let round = 0; round < 20; round += 1) {
      const backend = round % 2 === 0 ? v2 : v1;
      const cluster = `cluster-${round}`;
      const host = irHost('a.test', [irRoute('a', { action: forward([cluster, 1]) })]);
      envoy.program(irGateway(port, [host], { [cluster]: [backend.port] }));
      await untilAnsweredBy('a.test', backend === v2 ? 'v2' : 'v1');
    }
    const answers = await load.stop();
    for (const { code, backend } of answers) seen.add(code === status.OK ? backend : status[code]);
    expect([...seen].sort()).to.deep.equal(['v1', 'v2']);
  });

  it('loses no call when endpoints come and go under load', async () => {
    await start([toV1('a.test')]);
    const load = underLoad(client, 'a.test');
    for (const [ports, answeredBy] of [
      [[v2.port], 'v2'],
      [[v1.port, v2.port], 'v1'],
      [[v2.port], 'v2'],
      [[v1.port], 'v1'],
    ] as const) {
      envoy.program(gateway([toV1('a.test')], { v1: [...ports] }));
      await untilAnsweredBy('a.test', answeredBy);
    }
    const answers = await load.stop();
    expect(answers.filter(({ code }) => code !== status.OK)).to.deep.equal([]);
  });

  it('refuses one bad host, serves all others, and takes the corrected one', async () => {
    await start([toV1('old.test')]);
    const good = Array.from({ length: 20 }, (_, index) => toV1(`good-${index}.test`));
    envoy.program(gateway([...good.slice(0, 7), irHost('bad.test', [badRoute('bad')]), ...good.slice(7)]));
    await envoy.until(() => envoy.rejections().length > 0);
    const [rejection] = envoy.rejections();
    expect(rejection).to.include({ resource: `http-${port}/bad.test`, generation: 1 });
    expect(rejection?.source).to.deep.equal({ kind: 'GRPCRoute', key: 'test/bad' });
    expect(rejection?.message).to.contain('missing )');
    for (const { hostname } of good) await untilAnsweredBy(hostname, 'v1');
    envoy.program(gateway([...good, toV1('bad.test')]));
    await untilAnsweredBy('bad.test', 'v1');
  });

  it('keeps the last good version of a host whose new version is refused', async () => {
    await start([toV1('a.test')]);
    await untilAnsweredBy('a.test', 'v1');
    envoy.program(gateway([irHost('a.test', [badRoute('a.test')])]));
    await envoy.until(() => envoy.rejections().length > 0);
    expect((await client.call({ host: 'a.test' })).backend).to.equal('v1');
  });

  it('finds the one bad route of a host', async () => {
    const routes = [0, 1, 2].map((index) => irRoute(`fine-${index}`, { action: forward(['v1', 1]) }));
    await start([irHost('a.test', [...routes, badRoute('bad')]), toV1('b.test')]);
    await envoy.until(() => envoy.rejections().length > 0);
    expect(envoy.rejections().map(({ source }) => source?.key)).to.deep.equal(['test/bad']);
    envoy.program(gateway([irHost('a.test', routes), toV1('b.test')]));
    await untilAnsweredBy('a.test', 'v1');
    const dump = await envoy.admin('/config_dump?resource=dynamic_scoped_route_configs');
    expect(dump).not.to.contain('/probe');
  });

  it('removes what is gone after the controller restarts', async () => {
    await start([toV1('stays.test'), toV1('goes.test')]);
    await untilAnsweredBy('goes.test', 'v1');
    const stream = client.stream('stays.test');
    stream.write(Buffer.from('before'));
    await once(stream, 'data');
    const load = underLoad(client, 'stays.test');
    await envoy.restartAds(gateway([toV1('stays.test')]));
    await untilAnsweredBy('goes.test', undefined);
    stream.write(Buffer.from('after'));
    const [answer] = (await once(stream, 'data')) as [Buffer];
    expect(answer.toString()).to.equal('after');
    stream.end();
    const answers = await load.stop();
    expect(answers.filter(({ code }) => code !== status.OK)).to.deep.equal([]);
  });

  it('takes over a renewed client certificate without a restart', async () => {
    await start([toV1('a.test')]);
    const serial = await envoy.renewClientCertificate();
    while (!(await envoy.admin('/certs')).includes(serial.replace(/^0+/, '')));
    await envoy.restartAds(gateway([toV1('b.test')]));
    await untilAnsweredBy('b.test', 'v1');
  });

  it('adds and removes a port without touching a stream on another', async () => {
    await start([toV1('a.test')]);
    const stream = client.stream('a.test');
    stream.write(Buffer.from('before'));
    await once(stream, 'data');
    const [otherPort] = [await freePort()];
    const two = gateway([toV1('a.test')], { fresh: [v2.port] });
    two.ports.push({
      port: otherPort,
      protocol: 'HTTP',
      tables: [{ id: 'other', hosts: [irHost('a.test', [irRoute('b', { action: forward(['fresh', 1]) })])] }],
    });
    envoy.program(two);
    const other = new EchoClient(otherPort);
    expect((await other.call({ host: 'a.test' })).backend).to.equal('v2');
    expect((await client.call({ host: 'a.test' })).backend).to.equal('v1');
    other.close();
    envoy.program(gateway([toV1('a.test')]));
    await envoy.untilProgrammed();
    stream.write(Buffer.from('after'));
    const [answer] = (await once(stream, 'data')) as [Buffer];
    expect(answer.toString()).to.equal('after');
    stream.end();
  });
});
