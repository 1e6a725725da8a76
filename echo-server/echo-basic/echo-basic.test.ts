import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectHttp2 } from 'node:http2';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { startHttpEcho } from './http.ts';
import { parseDurationMs } from './listen.ts';
import { startTcpEcho } from './tcp.ts';

const env = { POD_NAME: 'p', NAMESPACE: 'n', HTTP_PORT: '0', H2C_PORT: '0', TCP_PORT: '0' };

describe('the stand-in for echo-basic', () => {
  it('describes an HTTP/1.1 request', async () => {
    const running = await startHttpEcho(env);
    const response = await fetch(`http://localhost:${running.ports[0]}/a/b?c=d`, {
      headers: { 'x-one': '1', 'x-echo-set-header': 'x-back:yes' },
    });
    const body = (await response.json()) as { headers: Record<string, string[]> };
    expect(body).to.include({ path: '/a/b?c=d', method: 'GET', proto: 'HTTP/1.1', pod: 'p', namespace: 'n' });
    expect(body.headers['X-One']).to.deep.equal(['1']);
    expect(body.headers).not.to.have.property('Host');
    expect(response.headers.get('x-back')).to.equal('yes');
    expect((await fetch(`http://localhost:${running.ports[0]}/status/404`)).status).to.equal(404);
    await running.shutdown();
  });

  it('describes an h2c request', async () => {
    const running = await startHttpEcho(env);
    const session = connectHttp2(`http://localhost:${running.ports[1]}`);
    const stream = session.request({ ':path': '/x', ':authority': 'a.example.com' });
    let text = '';
    for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
    expect(JSON.parse(text)).to.include({ path: '/x', host: 'a.example.com', proto: 'HTTP/2.0' });
    session.close();
    await running.shutdown();
  });

  it('talks over TCP', async () => {
    const running = await startTcpEcho(env);
    const socket = connect(running.ports[0] ?? 0, 'localhost');
    const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
    const line = async (): Promise<string> => String((await lines.next()).value);
    await line();
    socket.write('PING\nIS_TLS\nTEST\n');
    expect(await line()).to.equal('PONG');
    expect(await line()).to.equal('false');
    expect(JSON.parse(await line())).to.include({ namespace: 'n', pod: 'p', isTLS: false });
    socket.end();
    await once(socket, 'close');
    await running.shutdown();
  });

  it('reads durations as Go writes them', () => {
    expect(['250ms', '1.5s', '2m', 'soon', null].map(parseDurationMs)).to.deep.equal([
      250, 1500, 120_000, 0, 0,
    ]);
  });
});
