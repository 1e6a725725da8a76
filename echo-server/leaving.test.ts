import { once } from 'node:events';
import { connect } from 'node:http2';
import { expect } from 'chai';
import type { EchoServer } from './echo-server.ts';
import { TestClient, startTestServer } from './test-client.ts';

const metadata = { 'x-routeproof-leave': 'yes' };

describe('leaving a connection', () => {
  let server: EchoServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.shutdown());

  it('finishes the calls on it, and takes the next ones on another', async () => {
    const client = new TestClient(server.ports[0] ?? 0);
    const stream = client.open('routeproof.v1.Probe/BidiStream', { metadata });
    const answerTo = (text: string) => {
      const answer = stream.next();
      stream.write({ text });
      return answer;
    };
    const first = await answerTo('before');
    const calls = await Promise.all(
      Array.from({ length: 20 }, () => client.call('routeproof.v1.Probe/Unary', {})),
    );
    expect(calls.map(({ status }) => status.code)).to.deep.equal(Array(20).fill(0));
    expect(calls.map(({ responses }) => responses[0]?.received.peer)).not.to.include(first.received.peer);
    expect((await answerTo('after')).text).to.equal('after');
    stream.end();
    expect((await stream.outcome).status.code).to.equal(0);
    client.close();
  });

  it('says GOAWAY without an error, first for no stream at all and then for the last one', async () => {
    const session = connect(`http://localhost:${server.ports[0]}`);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/routeproof.v1.Probe/BidiStream',
      'content-type': 'application/grpc',
      te: 'trailers',
      ...metadata,
    });
    stream.resume();
    const goaway = async (): Promise<unknown[]> => {
      const [code, lastStream] = (await once(session, 'goaway')) as unknown[];
      return [code, lastStream];
    };
    expect(await goaway()).to.deep.equal([0, 2 ** 31 - 1]);
    const second = goaway();
    stream.end();
    expect(await second).to.deep.equal([0, 1]);
    await once(session, 'close');
  });
});
