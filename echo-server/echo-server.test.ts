import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import type { Settings } from 'node:http2';
import { connect } from 'node:net';
import { expect } from 'chai';
import { TestClient, startTestServer } from './test-client.ts';

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

describe('the echo server', () => {
  for (const [what, bytes] of [
    ['sends nothing', ''],
    ['speaks HTTP/1.1', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['sends no HTTP/2 frames', `${preface}${'\xff'.repeat(40)}`],
  ] as const) {
    it(`goes on serving after a client that ${what} and resets its connection`, async () => {
      const server = await startTestServer();
      const port = server.ports[0] ?? 0;
      const socket = connect(port, 'localhost');
      await once(socket, 'connect');
      socket.write(bytes, 'latin1');
      socket.resetAndDestroy();
      const client = new TestClient(port);
      expect((await client.call('routeproof.v1.Probe/Unary', {})).status.code).to.equal(0);
      client.close();
      await server.shutdown();
    });
  }

  it('serves the same on each of its ports', async () => {
    const server = await startTestServer({ ports: [0, 0] });
    expect(new Set(server.ports).size).to.equal(2);
    for (const port of server.ports) {
      const client = new TestClient(port);
      expect((await client.call('helloworld.Greeter/SayHello', { name: 'x' })).status.code).to.equal(0);
      client.close();
    }
    await server.shutdown();
  });

  it('says how many calls a connection takes, where that is set', async () => {
    const server = await startTestServer({ maxStreams: 2 });
    const session = connectHttp2(`http://localhost:${server.ports[0] ?? 0}`);
    const [settings] = (await once(session, 'remoteSettings')) as [Settings];
    expect(settings.maxConcurrentStreams).to.equal(2);
    session.close();
    await server.shutdown();
  });
});
