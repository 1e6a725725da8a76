import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { selfSigned } from '../base/certificate.ts';
import { Channels } from './channels.ts';
import { echoProtoDir, Protos } from './protos.ts';
import type { Target } from './target.ts';
import { exchange, metadataOf } from './wire.ts';

describe('a channel to a place that is dialled by another address', () => {
  let server: Http2SecureServer;
  const channels = new Channels();

  before(async () => {
    const { certPem: cert, keyPem: key } = await selfSigned(['gateway.example.com']);
    server = createSecureServer({ cert, key });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    channels.close();
    server.close();
  });

  /** What the handshake and the call say whom they are for. */
  async function saidTo(target: Target): Promise<{ serverName: unknown; authority: unknown }> {
    const handshake = once(server, 'secureConnection') as Promise<[TLSSocket]>;
    const call = once(server, 'stream') as Promise<[{ close: () => void }, IncomingHttpHeaders]>;
    const ended = exchange(channels.get(target), {
      method: new Protos(echoProtoDir).method('routeproof.v1.Probe/Unary'),
      messages: [{}],
      metadata: metadataOf({}),
      deadlineMs: 10_000,
    });
    const [[socket], [stream, headers]] = await Promise.all([handshake, call]);
    stream.close();
    await ended;
    return {
      serverName: (socket as TLSSocket & { servername?: unknown }).servername,
      authority: headers[':authority'],
    };
  }

  const dialled = (): Pick<Target, 'dial' | 'tls'> => ({
    dial: { address: 'localhost', port: (server.address() as AddressInfo).port },
    tls: {},
  });

  it('names its own address in the handshake and in the call', async () => {
    expect(await saidTo({ address: 'gateway.example.com', port: 443, ...dialled() })).to.deep.equal({
      serverName: 'gateway.example.com',
      authority: 'gateway.example.com:443',
    });
  });

  it('names the authority where it has one', async () => {
    const target = { address: '192.0.2.1', port: 443, authority: 'shop.example.com', ...dialled() };
    expect(await saidTo(target)).to.deep.equal({
      serverName: 'shop.example.com',
      authority: 'shop.example.com',
    });
  });
});
