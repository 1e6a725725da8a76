import { expect } from 'chai';
import { pino } from 'pino';
import { controllerDnsName } from '../dataplane/bootstrap.ts';
import { issue } from '../dataplane/pki.ts';
import type { KeyAndCertificate } from '../dataplane/pki.ts';
import { AdsFixture, gatewayKey, newAuthority, toCluster as host } from './ads-server.fixture.ts';
import { proxyIdentity } from './ads-server.ts';
import { replicaIdentity } from './replica-report.ts';
import { ReportSender } from './report-sender.ts';

describe('reports between replicas', () => {
  let authority: KeyAndCertificate;
  let leader: AdsFixture;
  let follower: AdsFixture;
  let sender: ReportSender;

  before(async () => {
    authority = await newAuthority();
  });

  beforeEach(async () => {
    [leader, follower] = [await AdsFixture.start(authority), await AdsFixture.start(authority)];
    sender = senderWith(replicaIdentity);
  });

  afterEach(() => {
    sender.connect(undefined);
    leader.stop();
    follower.stop();
  });

  const report = () => follower.server.report(gatewayKey, () => true);
  const senderWith = (identity: string, log = pino({ level: 'silent' })) =>
    new ReportSender({
      ca: authority.certificate,
      certificate: () =>
        issue({
          authority,
          commonName: 'replica',
          subjectAltName: { type: 'url', value: identity },
          usage: 'client',
          notBefore: new Date(),
          validityDays: 1,
        }),
      serverName: controllerDnsName,
      all: () => [report()],
      log,
    });
  const until = async (isTrue: () => boolean): Promise<void> => {
    while (!isTrue()) await new Promise(setImmediate);
  };
  const program = (port: number, cluster = 'one'): void => {
    for (const ads of [leader, follower]) ads.program([host('a.test', cluster)], { [cluster]: [port] });
  };

  it('says what proxies of another replica serve, by the configuration that the leader has', async () => {
    await follower.settled();
    leader.program([], {});
    sender.connect(leader.address);
    await until(() => leader.server.served(gatewayKey)?.[0] === 'http-80');

    follower.server.remove(gatewayKey);
    sender.send(report());
    await until(() => leader.server.served(gatewayKey) === undefined);
  });

  it('says what they refuse', async () => {
    const proxy = await follower.settled();
    program(1001);
    sender.connect(leader.address);
    await until(() => leader.server.served(gatewayKey) !== undefined);
    program(1002, 'two');
    proxy.nack(await proxy.next(), 'no such thing');
    await until(() => report().rejections.length > 0);
    sender.send(report());
    await until(() => leader.server.rejections(gatewayKey, () => true).length > 0);
    expect(leader.server.rejections(gatewayKey, () => true)[0]).to.include({ message: 'no such thing' });
  });

  it('holds for a while after the end of the replica, and no longer', async () => {
    await follower.settled();
    program(1001);
    sender.connect(leader.address);
    await until(() => leader.server.served(gatewayKey) !== undefined);
    sender.connect(undefined);
    await until(() => leader.server.served(gatewayKey) === undefined);
  });

  it('tells the next leader everything', async () => {
    await follower.settled();
    program(1001);
    sender.connect('127.0.0.1:1');
    sender.connect(leader.address);
    await until(() => leader.server.served(gatewayKey)?.[0] === 'http-80');
  });

  it('takes nothing from a proxy', async () => {
    await follower.settled();
    program(1001);
    const refused = new Promise<string>((resolve) => {
      sender = senderWith(proxyIdentity(gatewayKey), pino({ level: 'info' }, { write: resolve }));
    });
    sender.connect(leader.address);
    expect(await refused).to.include('not the certificate of a replica');
    expect(leader.server.served(gatewayKey)).to.equal(undefined);
  });
});
