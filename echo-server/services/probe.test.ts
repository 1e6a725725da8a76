import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { EchoServer } from '../echo-server.ts';
import { loadProtos, messageOfProto } from '../protos.ts';
import { TestClient, startTestServer } from '../test-client.ts';

describe('routeproof.v1.Probe', () => {
  let server: EchoServer;
  let client: TestClient;

  before(async () => {
    server = await startTestServer();
    client = new TestClient(server.ports[0] ?? 0);
  });

  after(async () => {
    client.close();
    await server.shutdown();
  });

  it('says what it received', async () => {
    const { responses } = await client.call(
      'routeproof.v1.Probe/Unary',
      { text: 'hi', payload: Buffer.from('abc') },
      { metadata: { 'x-one': '1', 'x-two-bin': Buffer.from([0, 1, 255]) }, deadlineMs: 60_000 },
    );
    const received = responses[0]?.received;
    expect(responses[0]?.text).to.equal('hi');
    expect(received).to.include({
      service: 'routeproof.v1.Probe',
      method: 'Unary',
      messages: 1,
      payloadBytes: 3,
    });
    expect(received?.authority).to.equal(`localhost:${server.ports[0]}`);
    expect(received?.peer).to.match(/^(127\.0\.0\.1|::1):\d+$/);
    expect(received?.metadata).to.deep.include({ key: 'x-one', value: '1' });
    expect(received?.metadata).to.deep.include({ key: 'x-two-bin', value: 'AAH/' });
    // grpc-js keeps this one for itself.
    expect(received?.metadata).to.deep.include({ key: 'x-routeproof-te', value: 'trailers' });
    expect(received?.deadlineMs).to.be.within(1, 60_000);
    expect(received?.tls.enabled).to.equal(false);
    expect(received?.backend).to.deep.equal({
      pod: 'pod-1',
      namespace: 'ns-1',
      service: 'svc-1',
      node: 'node-1',
    });
  });

  it('reports no deadline when there is none', async () => {
    const { responses } = await client.call('routeproof.v1.Probe/Unary', {});
    expect(responses[0]?.received.deadlineMs).to.equal(0);
  });

  it('answers under the second service name', async () => {
    const { responses } = await client.call('routeproof.v1.ProbeTwo/Unary', {});
    expect(responses[0]?.received.service).to.equal('routeproof.v1.ProbeTwo');
  });

  it('ends with the asked status, message and details', async () => {
    const detail = { typeUrl: 'type.example/x', value: Buffer.from('d') };
    const { status: seen, responses } = await client.call('routeproof.v1.Probe/Unary', {
      behaviour: { statusCode: 9, statusMessage: 'größer als 100 %', statusDetails: [detail] },
    });
    expect(responses).to.deep.equal([]);
    expect(seen.code).to.equal(9);
    expect(seen.details).to.equal('größer als 100 %');
    const details = seen.metadata.get('grpc-status-details-bin')[0];
    const message = messageOfProto(loadProtos(['routeproof']), 'google.rpc.Status');
    expect(message.deserialize(details as Buffer)).to.deep.include({ code: 9, message: 'größer als 100 %' });
  });

  it('sends initial and trailing metadata, binary ones too', async () => {
    const outcome = await client.call('routeproof.v1.Probe/Unary', {
      behaviour: {
        initialMetadata: [{ key: 'x-first', value: 'a' }],
        trailingMetadata: [
          { key: 'x-last', value: 'b' },
          { key: 'x-last-bin', value: 'AAH/' },
        ],
      },
    });
    expect(outcome.headers?.get('x-first')).to.deep.equal(['a']);
    expect(outcome.status.metadata.get('x-last')).to.deep.equal(['b']);
    expect(outcome.status.metadata.get('x-last-bin')).to.deep.equal([Buffer.from([0, 1, 255])]);
  });

  it('answers an error without initial metadata with trailers only', async () => {
    const { headers, status: seen } = await client.call('routeproof.v1.Probe/Unary', {
      behaviour: { statusCode: 5, trailingMetadata: [{ key: 'x-last', value: 'b' }] },
    });
    expect(headers).to.equal(undefined);
    expect(seen.metadata.get('x-last')).to.deep.equal(['b']);
  });

  it('makes responses of the asked size', async () => {
    const { responses } = await client.call('routeproof.v1.Probe/Unary', {
      behaviour: { responseSizeBytes: 5_000_000 },
    });
    expect(responses[0]?.payload).to.have.length(5_000_000);
  });

  it('takes messages larger than the usual 4 MiB', async () => {
    const { responses } = await client.call('routeproof.v1.Probe/Unary', {
      payload: Buffer.alloc(5_000_000),
    });
    expect(responses[0]?.received.payloadBytes).to.equal(5_000_000);
  });

  it('refuses behaviour that gRPC cannot send', async () => {
    const tooLarge = { behaviour: { responseSizeBytes: 4_000_000_000 } };
    const badKey = { behaviour: { trailingMetadata: [{ key: 'a b', value: '' }] } };
    for (const path of ['Unary', 'ServerStream', 'ClientStream', 'BidiStream']) {
      for (const message of [tooLarge, badKey]) {
        const { status: seen } = await client.call(`routeproof.v1.Probe/${path}`, message);
        expect(seen.code, path).to.equal(status.INVALID_ARGUMENT);
      }
    }
  });

  it('ends a delayed call at its deadline', async () => {
    const { status: seen } = await client.call(
      'routeproof.v1.Probe/Unary',
      { behaviour: { delayMs: 60_000 } },
      { deadlineMs: 50 },
    );
    expect(seen.code).to.equal(status.DEADLINE_EXCEEDED);
  });

  it('streams the asked number of messages, then the status', async () => {
    const { responses, status: seen } = await client.call('routeproof.v1.Probe/ServerStream', {
      text: 's',
      behaviour: { responseCount: 3, responseIntervalMs: 1, statusCode: 10, statusMessage: 'late' },
    });
    expect(responses.map(({ index, text }) => [index, text])).to.deep.equal([
      [0, 's'],
      [1, 's'],
      [2, 's'],
    ]);
    expect([seen.code, seen.details]).to.deep.equal([10, 'late']);
  });

  it('streams one message when no number is asked', async () => {
    const { responses, status: seen } = await client.call('routeproof.v1.Probe/ServerStream', {});
    expect(responses).to.have.length(1);
    expect(seen.code).to.equal(0);
  });

  it('streams no message when that is asked', async () => {
    const { responses, status: seen } = await client.call('routeproof.v1.Probe/ServerStream', {
      behaviour: { noResponse: true, responseCount: 3 },
    });
    expect(responses).to.deep.equal([]);
    expect(seen.code).to.equal(0);
  });

  it('streams more than the flow-control window holds', async () => {
    const { responses, status: seen } = await client.call('routeproof.v1.Probe/ServerStream', {
      behaviour: { responseCount: 64, responseSizeBytes: 100_000 },
    });
    expect(responses).to.have.length(64);
    expect(seen.code).to.equal(0);
  });

  it('counts the messages of a client stream; the first one says how to answer', async () => {
    const { responses, status: seen } = await client.call('routeproof.v1.Probe/ClientStream', [
      { text: 'a', payload: Buffer.alloc(2), behaviour: { trailingMetadata: [{ key: 'x-t', value: '1' }] } },
      { text: 'b', payload: Buffer.alloc(3), behaviour: { statusCode: 5 } },
    ]);
    expect(responses[0]?.text).to.equal('b');
    expect(responses[0]?.received).to.include({ messages: 2, payloadBytes: 5 });
    expect(seen.metadata.get('x-t')).to.deep.equal(['1']);
  });

  it('answers message by message on a bidi stream', async () => {
    const stream = client.open('routeproof.v1.Probe/BidiStream');
    for (const text of ['a', 'b']) {
      const answer = stream.next();
      stream.write({ text });
      expect((await answer).text).to.equal(text);
    }
    stream.end();
    const { responses, status: seen } = await stream.outcome;
    expect(responses.map(({ index }) => index)).to.deep.equal([0, 1]);
    expect(responses[1]?.received.messages).to.equal(2);
    expect(seen.code).to.equal(0);
  });

  it('keeps the order of many messages and ends with the first one’s status', async () => {
    const messages = Array.from({ length: 200 }, (_, n) => ({
      text: String(n),
      behaviour: { statusCode: 7 },
    }));
    const { responses, status: seen } = await client.call('routeproof.v1.Probe/BidiStream', messages);
    expect(responses.map(({ text }) => text)).to.deep.equal(messages.map(({ text }) => text));
    expect(seen.code).to.equal(7);
  });

  for (const method of ['ClientStream', 'BidiStream'])
    it(`ends a ${method} after so many messages as asked, though more may come`, async () => {
      const stream = client.open(`routeproof.v1.Probe/${method}`);
      const behaviour = { endAfterMessages: 2, statusCode: 9 };
      for (const text of ['a', 'b']) stream.write({ text, behaviour });
      const { responses, status: seen } = await stream.outcome;
      expect(seen.code).to.equal(9);
      expect(responses.map(({ text }) => text)).to.deep.equal(method === 'BidiStream' ? ['a', 'b'] : []);
    });

  it('goes on serving after a client gave up', async () => {
    const stream = client.open('routeproof.v1.Probe/ServerStream');
    const first = stream.next();
    stream.write({ behaviour: { responseCount: 1000, responseIntervalMs: 10_000 } });
    stream.end();
    await first;
    stream.cancel();
    expect((await stream.outcome).status.code).to.equal(status.CANCELLED);
    expect((await client.call('routeproof.v1.Probe/Unary', {})).status.code).to.equal(0);
  });
});

describe('routeproof.v1.Ledger', () => {
  it('tells the calls that carried a nonce, of any service', async () => {
    const server = await startTestServer();
    const client = new TestClient(server.ports[0] ?? 0);
    const metadata = { 'x-routeproof-nonce': 'n1' };
    await client.call('routeproof.v1.Probe/Unary', {}, { metadata });
    await client.call('echo.Echo/EchoV2', {}, { metadata });
    await client.call('helloworld.Greeter/SayHello', {}, { metadata: { 'x-routeproof-nonce': 'n2' } });
    const { responses } = await client.call<{ seen: { calls: { method: string }[] }[] }>(
      'routeproof.v1.Ledger/Seen',
      { nonces: ['n1', 'n3', 'n2'] },
    );
    const methods = (responses[0]?.seen ?? []).map(({ calls }) => calls.map(({ method }) => method));
    expect(methods).to.deep.equal([['Unary', 'EchoV2'], [], ['SayHello']]);
    client.close();
    await server.shutdown();
  });
});
