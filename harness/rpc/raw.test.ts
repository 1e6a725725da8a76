import { createServer as createHttp1 } from 'node:http';
import { createSecureServer, createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net';
import { expect } from 'chai';
import { selfSigned } from '../base/certificate.ts';
import { rawExchange } from './raw.ts';

const call = {
  path: '/a.B/C',
  headers: { 'content-type': 'application/grpc', te: 'trailers' },
  body: new Uint8Array(5),
};

describe('a raw exchange', () => {
  let server: Server | Http2Server | undefined;

  afterEach(() => {
    server?.close();
  });

  async function listen(
    made: Server | Http2Server,
  ): Promise<{ address: string; port: number; authority: string }> {
    server = made;
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
    return {
      address: '127.0.0.1',
      port: (made.address() as AddressInfo).port,
      authority: 'shop.example.com',
    };
  }

  function grpc(stream: ServerHttp2Stream): void {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '12' }));
    stream.end();
  }

  it('shows status, headers and trailers of an HTTP/2 answer', async () => {
    const made = createServer();
    made.on('stream', grpc);
    const result = await rawExchange(await listen(made), call);
    expect(result).to.include({ httpStatus: 200, reached: 'trailers' });
    expect(result.trailers).to.deep.include(['grpc-status', '12']);
    expect(result.headers).to.deep.include(['content-type', 'application/grpc']);
  });

  it('names the code of a reset stream', async () => {
    const made = createServer();
    made.on('stream', (stream) => {
      stream.close(7);
      stream.on('error', () => undefined);
    });
    const result = await rawExchange(await listen(made), call);
    expect(result.reached).to.equal('http2');
    expect(result.error).to.match(/REFUSED_STREAM/);
  });

  it('shows ALPN and the names of the certificate', async () => {
    const { certPem, keyPem } = await selfSigned(['shop.example.com', '*.example.org']);
    const made = createSecureServer({ cert: certPem, key: keyPem });
    made.on('stream', grpc);
    const target = await listen(made);
    const result = await rawExchange(target, { ...call, tls: {} });
    expect(result).to.include({ alpn: 'h2', reached: 'trailers' });
    expect(result.peerCertificateSans).to.deep.equal(['shop.example.com', '*.example.org']);
  });

  it('reaches no further than the connection when the peer does not speak TLS', async () => {
    const made = createTcp((socket) => socket.destroy());
    const result = await rawExchange(await listen(made), { ...call, tls: {} });
    expect(result.reached).to.equal('connect');
    expect(result.error).to.be.a('string');
  });

  it('does not get through when nobody listens', async () => {
    const target = await listen(createTcp());
    await new Promise((resolve) => server?.close(resolve));
    const result = await rawExchange(target, call);
    expect(result.reached).to.equal('programmed');
    expect(result.error).to.contain('ECONNREFUSED');
  });

  it('speaks HTTP/1.1 when asked to', async () => {
    const made = createHttp1((request, response) => {
      response.writeHead(415, { 'x-host': request.headers.host ?? '' }).end('no');
    });
    const result = await rawExchange(await listen(made), { path: '/', httpVersion: '1.1' });
    expect(result).to.include({ httpStatus: 415, reached: 'routed' });
    expect(result.headers).to.deep.include(['x-host', 'shop.example.com']);
    expect(Buffer.from(result.body).toString()).to.equal('no');
  });
});
