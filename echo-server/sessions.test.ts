import { once } from 'node:events';
import { connect } from 'node:http2';
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { ProbeResponse } from './messages.ts';
import { loadProtos, messageOfProto } from './protos.ts';
import { startTestServer } from './test-client.ts';

const response = messageOfProto(loadProtos(['routeproof']), 'routeproof.v1.ProbeResponse');
const framePrefixBytes = 5;
const emptyMessage = Buffer.alloc(framePrefixBytes);

function bidiStream(session: ClientHttp2Session): ClientHttp2Stream {
  return session.request({
    ':method': 'POST',
    ':path': '/routeproof.v1.Probe/BidiStream',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
}

/** Sends one message; `pings` as its answer says. */
async function pingsSoFar(stream: ClientHttp2Stream): Promise<number> {
  stream.write(emptyMessage);
  const [frame] = (await once(stream, 'data')) as [Buffer];
  const { received } = response.deserialize(frame.subarray(framePrefixBytes)) as ProbeResponse;
  return received.pings;
}

describe('HTTP/2 connections of the echo-server', () => {
  it('are told with each call: how often they were pinged since it came', async () => {
    const server = await startTestServer();
    const session = connect(`http://localhost:${server.ports[0]}`);
    const other = connect(`http://localhost:${server.ports[0]}`);
    const ping = promisify(session.ping.bind(session));
    const [first, elsewhere] = [bidiStream(session), bidiStream(other)];
    expect(await pingsSoFar(first)).to.equal(0);
    for (let times = 0; times < 2; times += 1) await ping();
    const second = bidiStream(session);
    expect(await pingsSoFar(first)).to.equal(2);
    expect(await pingsSoFar(second)).to.equal(0);
    expect(await pingsSoFar(elsewhere)).to.equal(0);
    for (const stream of [first, second, elsewhere]) stream.end();
    await server.shutdown();
  });

  it('are left in two steps, so that no call is refused that is on its way', async () => {
    const server = await startTestServer();
    const session = connect(`http://localhost:${server.ports[0]}`);
    const stream = bidiStream(session);
    await pingsSoFar(stream);
    const lastStreamIds: unknown[] = [];
    const stopped = server.shutdown();
    for (let step = 0; step < 2; step += 1) {
      const [, lastStreamId] = (await once(session, 'goaway')) as unknown[];
      lastStreamIds.push(lastStreamId);
    }
    expect(lastStreamIds).to.deep.equal([2 ** 31 - 1, 1]);
    stream.end();
    await stopped;
  });
});
