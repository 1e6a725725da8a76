import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { connect } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { once } from 'node:events';
import { TestClient, startTestServer } from './test-client.ts';

/** Whether a connection to the port comes about; it is closed again. */
function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, 'localhost', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

describe('echo-server shutdown', () => {
  it('lets a stream in flight finish and takes no new connection', async () => {
    const server = await startTestServer({ shutdownGraceMs: 30_000 });
    const client = new TestClient(server.ports[0] ?? 0);
    const stream = client.open('routeproof.v1.Probe/BidiStream');
    let answer = stream.next();
    stream.write({ text: 'before' });
    await answer;
    const stopped = server.shutdown();
    answer = stream.next();
    stream.write({ text: 'after' });
    expect((await answer).text).to.equal('after');
    while (await accepts(server.ports[0] ?? 0));
    const late = new TestClient(server.ports[0] ?? 0);
    expect((await late.call('routeproof.v1.Probe/Unary', {})).status.code).to.equal(status.UNAVAILABLE);
    stream.end();
    expect((await stream.outcome).status.code).to.equal(0);
    await stopped;
    for (const each of [client, late]) each.close();
  });

  it('sends GOAWAY to connections without calls', async () => {
    const server = await startTestServer();
    const session = connect(`http://localhost:${server.ports[0]}`);
    await once(session, 'remoteSettings');
    const goaway = once(session, 'goaway');
    const stopped = server.shutdown();
    expect((await goaway)[0]).to.equal(0);
    await stopped;
  });

  it('cuts a call off when its grace is over', async () => {
    const server = await startTestServer({ shutdownGraceMs: 1 });
    const client = new TestClient(server.ports[0] ?? 0);
    const stream = client.open('routeproof.v1.Probe/BidiStream');
    const answer = stream.next();
    stream.write({ text: 'x' });
    await answer;
    await server.shutdown();
    expect((await stream.outcome).status.code).not.to.equal(0);
    client.close();
  });

  it('tells health watchers', async () => {
    const server = await startTestServer({ shutdownGraceMs: 1 });
    const client = new TestClient(server.ports[0] ?? 0);
    const watch = client.open<{ status: string }>('grpc.health.v1.Health/Watch');
    const serving = watch.next();
    watch.write({ service: 'echo.Echo' });
    watch.end();
    expect(await serving).to.deep.equal({ status: 'SERVING' });
    const notServing = watch.next();
    const stopped = server.shutdown();
    expect(await notServing).to.deep.equal({ status: 'NOT_SERVING' });
    await stopped;
    client.close();
  });

  it('says which port is taken, and leaves none open', async () => {
    const server = await startTestServer();
    const taken = server.ports[0] ?? 0;
    const failure = await startTestServer({ ports: [0, taken] }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.have.property('message').that.includes(`port ${taken}`);
    await server.shutdown();
  });
});
