import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect } from 'node:http2';
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { promisify } from 'node:util';
import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { ProbeResponse } from './messages.ts';
import { loadProtos, messageOfProto } from './protos.ts';
import { connectionHeader } from './sessions.ts';
import { TestClient, startTestServer } from './test-client.ts';

const response = messageOfProto(loadProtos(['routeproof']), 'routeproof.v1.ProbeResponse');
const channel = 'http2.server.stream.created';
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
async function pingsSoFar(stream: ClientHttp2Stream): Promise<number | undefined> {
  stream.write(emptyMessage);
  const [frame] = (await once(stream, 'data')) as [Buffer];
  const { received } = response.deserialize(frame.subarray(framePrefixBytes)) as ProbeResponse;
  return received.pings;
}

/** What an older Node.js does not tell the server. */
function hideConnection(created: unknown): void {
  Reflect.deleteProperty((created as { headers: IncomingHttpHeaders }).headers, connectionHeader);
}

describe('the echo server', () => {
  it('tells with each call how often its connection was pinged', async () => {
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

  it('says so where it does not know the connection of a call', async () => {
    const server = await startTestServer();
    subscribe(channel, hideConnection);
    const said: unknown[] = [];
    const { error } = console;
    console.error = (line) => said.push(line);
    const client = new TestClient(server.ports[0] ?? 0);
    const unary = 'routeproof.v1.Probe/Unary';
    const { responses } = await client.call(unary, {});
    const asked = await client.call(unary, {}, { metadata: { 'x-routeproof-leave': 'yes' } });
    unsubscribe(channel, hideConnection);
    console.error = error;
    expect(said).to.have.lengthOf(1);
    expect(said[0]).to.include('no PING is counted');
    expect(responses[0]?.received.pings).to.equal(undefined);
    expect(asked.status.code).to.equal(status.UNIMPLEMENTED);
    expect(asked.status.details).to.include('x-routeproof-leave: Node.js').and.include('24.2');
    client.close();
    await server.shutdown();
  });

  it('leaves connections in two steps, so that no call is refused that is on its way', async () => {
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
