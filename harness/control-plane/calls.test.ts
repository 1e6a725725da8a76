import { once } from 'node:events';
import {
  constants,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Connections } from './connections.ts';
import { CountedCalls } from './counted-calls.ts';
import { grpcCall } from './grpc-call.ts';
import { Probe } from './probe.ts';
import { probePath } from './routes.ts';
import { SteadyCalls } from './steady-calls.ts';

const target = { authority: 'host.example.com', path: probePath };

describe('calls of the control plane benchmarks', function () {
  this.timeout(20_000);
  let server: Http2Server;
  let address: { address: string; port: number };
  let sessions: ServerHttp2Session[];
  let answer: (stream: ServerHttp2Stream) => void;
  let connections: Connections;

  beforeEach(async () => {
    sessions = [];
    answer = (stream) => answerWith(stream, 0, 'first');
    server = createServer();
    server.on('session', (session) => sessions.push(session));
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      answer(stream);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
    connections = await Connections.open(address, 1);
  });

  afterEach(() => {
    connections.close();
    for (const session of sessions) session.destroy();
    server.close();
  });

  it('bring back status and message', async () => {
    const { status, body, failure } = await grpcCall(sessionOf(connections), target);
    expect([status, body.includes('first'), failure]).to.deep.equal([0, true, undefined]);
  });

  it('tell a status without a message, an HTTP error and a reset apart', async () => {
    answer = (stream) => stream.respond({ ':status': 200, 'grpc-status': '12' }, { endStream: true });
    expect((await grpcCall(sessionOf(connections), target)).status).to.equal(12);
    answer = (stream) => stream.respond({ ':status': 503 }, { endStream: true });
    const refused = await grpcCall(sessionOf(connections), target);
    expect([refused.status, refused.failure]).to.deep.equal([undefined, 'HTTP 503']);
    answer = (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM);
    const reset = await grpcCall(sessionOf(connections), target);
    expect(reset.status).to.equal(undefined);
    expect(reset.failure).to.match(/closed with/);
  });

  it('go on over a new connection after GOAWAY', async () => {
    const first = sessionOf(connections);
    const again = once(server, 'session');
    sessions[0]?.goaway();
    await again;
    const probe = new Probe();
    const { signal } = new AbortController();
    const shows = ({ status }: { status: number | undefined }): boolean => status === 0;
    const served = await probe.until({ connections, target, shows, limitMs: 10_000, signal });
    expect(served).not.to.equal(undefined);
    expect(connections.next()).not.to.equal(first);
  });

  it('of a probe end with the answer that shows what is awaited', async () => {
    let calls = 0;
    answer = (stream) => answerWith(stream, 0, (calls += 1) < 20 ? 'old' : 'new');
    const { signal } = new AbortController();
    const served = await new Probe().until({
      connections,
      target,
      shows: ({ body }) => body.includes('new'),
      limitMs: 10_000,
      signal,
    });
    expect(served?.calls).to.be.at.least(20);
  });

  it('of a probe end with its limit, and with an abort', async () => {
    const options = { connections, target, shows: () => false };
    const { signal } = new AbortController();
    expect(await new Probe().until({ ...options, limitMs: 20, signal })).to.equal(undefined);
    const abort = new AbortController();
    const probing = new Probe().until({ ...options, limitMs: 60_000, signal: abort.signal });
    abort.abort(new Error('enough'));
    const error: unknown = await probing.catch((reason: unknown) => reason);
    expect(error).to.be.an('error').with.property('message', 'enough');
  });

  it('that are lost are counted by what became of them', async () => {
    const kinds = [0, 14, 0, 5];
    let calls = 0;
    const all = Promise.withResolvers<undefined>();
    answer = (stream) => {
      const status = kinds[calls] ?? 0;
      calls += 1;
      answerWith(stream, status, calls === 3 ? 'other' : 'first');
      if (calls === kinds.length) all.resolve(undefined);
    };
    const steady = new SteadyCalls({
      ...address,
      authority: target.authority,
      intervalMs: 5,
      judge: (bytes) => (bytes.includes('first') ? undefined : 'wrong backend'),
    });
    await all.promise;
    await steady.stop();
    expect(steady.codes).to.deep.equal({ UNAVAILABLE: 1, 'wrong backend': 1, NOT_FOUND: 1 });
    expect(steady.lost).to.equal(3);
    expect(steady.calls).to.equal(calls);
  });

  it('that were refused unseen are tried once more, as every gRPC client does, and no more often', async () => {
    const calls = new CountedCalls({ ...address, authority: target.authority });
    let streams = 0;
    let refused = 1;
    answer = (stream) => {
      streams += 1;
      if (streams <= refused) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else answerWith(stream, 0, 'first');
    };
    await calls.call();
    expect([streams, calls.lost]).to.deep.equal([2, 0]);
    refused = Infinity;
    await calls.call();
    calls.close();
    expect([streams, calls.lost]).to.deep.equal([4, 1]);
  });
});

function sessionOf(connections: Connections) {
  const session = connections.next();
  if (session === undefined) throw new Error('there is no connection');
  return session;
}

function answerWith(stream: ServerHttp2Stream, status: number, text: string): void {
  const headers = { ':status': 200, 'content-type': 'application/grpc' };
  if (status !== 0) {
    stream.respond({ ...headers, 'grpc-status': String(status) }, { endStream: true });
    return;
  }
  const message = Buffer.from(text);
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(message.length, 1);
  stream.respond(headers, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.concat([frame, message]));
}
