import { Metadata } from '@grpc/grpc-js';
import { expect } from 'chai';
import { Channels } from './channels.ts';
import { FakeGateway } from './fake-gateway.fixture.ts';
import { Ledger, type EchoPod } from './ledger.ts';
import { echoProtoDir, Protos } from './protos.ts';
import { exchange } from './wire.ts';

const protos = new Protos(echoProtoDir);

describe('asking echo pods what they received', () => {
  const gateway = new FakeGateway();
  const channels = new Channels();
  const ledger = new Ledger(protos);
  let pod: EchoPod;

  before(async () => {
    await gateway.start();
    pod = { deployment: 'echo-1', pod: 'pod-1', address: '127.0.0.1', port: gateway.port };
    for (const nonce of ['n1', 'n2', 'n3']) {
      const metadata = new Metadata();
      metadata.set('x-routeproof-nonce', nonce);
      const method = protos.method('routeproof.v1.Probe/Unary');
      const target = { address: pod.address, port: pod.port };
      await exchange(channels.get(target), { method, messages: [{}], metadata, deadlineMs: 5000 });
    }
  });

  after(() => {
    channels.close();
    ledger.close();
    gateway.stop();
  });

  const nonceOf = async (nonce: string, of = pod): Promise<string | undefined> => {
    const [call] = await ledger.seen(of, nonce);
    return call?.metadata.find(({ key }) => key === 'x-routeproof-nonce')?.value;
  };

  it('gives each of many questions its own answer, in one request', async () => {
    const before = gateway.questions;
    const asked = ['n3', 'no such', 'n1', 'n2', 'n1'];
    const told = await Promise.all(asked.map((nonce) => nonceOf(nonce)));
    expect(told).to.deep.equal(['n3', undefined, 'n1', 'n2', 'n1']);
    expect(gateway.questions - before).to.equal(1);
  });

  it('asks what comes up meanwhile in the next request', async () => {
    const before = gateway.questions;
    const first = nonceOf('n1');
    await new Promise((later) => setImmediate(later));
    const rest = ['n2', 'n3'].map((nonce) => nonceOf(nonce));
    expect(await Promise.all([first, ...rest])).to.deep.equal(['n1', 'n2', 'n3']);
    expect(gateway.questions - before).to.equal(2);
    expect(await nonceOf('n2')).to.equal('n2');
  });

  it('fails every question to a pod that does not answer, and no other', async () => {
    const gone = { ...pod, pod: 'pod-2', port: 1 };
    const outcomes = await Promise.allSettled([nonceOf('n1', gone), nonceOf('n2', gone), nonceOf('n2')]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected', 'fulfilled']);
    expect(String((outcomes[0] as PromiseRejectedResult).reason)).to.include('echo pod pod-2');
  });
});
