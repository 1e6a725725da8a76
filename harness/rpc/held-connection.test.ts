import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { expect } from 'chai';
import { holdConnection } from './held-connection.ts';

const path = '/a.B/C';

describe('a held connection', () => {
  const server = createServer();
  const sessions: ServerHttp2Session[] = [];
  const sockets: Socket[] = [];
  const hosts: string[] = [];
  server.on('session', (session) => sessions.push(session));
  server.on('connection', (socket: Socket) => sockets.push(socket));
  /** Ends only calls that their caller has finished. */
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    hosts.push(`${String(headers[':authority'])} ${String(headers['x-a'] ?? '')}`);
    stream.on('error', () => undefined);
    stream.on('end', () => {
      if (stream.destroyed) return;
      stream.respond({ ':status': 200 });
      stream.end();
    });
    stream.resume();
  });
  before(() => server.listen(0, '127.0.0.1'));
  after(() => server.close());

  async function hold() {
    const { port } = server.address() as AddressInfo;
    const held = await holdConnection({ address: '127.0.0.1', port, authority: 'a.example.com' }, { path });
    expect(await held.connection.ask()).to.deep.equal({ httpStatus: 200 });
    return { ...held, peer: sessions.at(-1), socket: sockets.at(-1) };
  }

  it('is open, with calls on it, until the peer says GOAWAY', async () => {
    const { connection, close, peer } = await hold();
    expect(connection).to.include({ isOpen: true, isLeaving: false });
    peer?.goaway();
    // The answer comes after the GOAWAY on the same connection.
    await connection.ask();
    expect(connection.isLeaving).to.equal(true);
    close();
  });

  it('takes calls for other hosts', async () => {
    const { connection, close } = await hold();
    const asked = hosts.length;
    await connection.ask({ host: 'b.example.com', headers: { 'x-a': 'b' } });
    await connection.ask();
    expect(hosts.slice(asked)).to.deep.equal(['b.example.com b', 'a.example.com ']);
    close();
  });

  it('ends without GOAWAY when it is cut', async () => {
    const { connection, socket } = await hold();
    const cut = connection.ask();
    socket?.destroy();
    expect((await cut).httpStatus).to.equal(undefined);
    expect((await connection.ask()).error).to.be.a('string');
    expect(connection).to.include({ isOpen: false, isLeaving: false });
  });
});
