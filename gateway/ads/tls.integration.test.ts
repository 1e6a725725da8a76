import { once } from 'node:events';
import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { credentials } from '@grpc/grpc-js';
import { expect } from 'chai';
import { createAuthority, issue } from '../dataplane/pki.ts';
import type { KeyAndCertificate } from '../dataplane/pki.ts';
import type { IrCertificate, IrGateway } from '../ir/ir.ts';
import { forward, irGateway, irHost, irRoute } from '../xds/ir.fixture.ts';
import { EchoClient, startEcho } from './echo.fixture.ts';
import type { EchoBackend } from './echo.fixture.ts';
import { RealEnvoy, freePort } from './real-envoy.fixture.ts';

describe('a real Envoy that follows the ADS server: TLS', () => {
  let envoy: RealEnvoy;
  let port: number;
  let backend: EchoBackend;
  let authority: KeyAndCertificate;

  const certificate = async (name: string, dnsName: string): Promise<IrCertificate> => {
    const { certificate: certificatePem, privateKey: privateKeyPem } = await issue({
      authority,
      commonName: dnsName,
      subjectAltName: { type: 'dns', value: dnsName },
      usage: 'server',
      notBefore: new Date(),
      validityDays: 1,
    });
    return { name, certificatePem, privateKeyPem };
  };
  const gateway = (tables: { serverName?: string; certificate: IrCertificate }[]): IrGateway => {
    const { clusters } = irGateway(port, [], { echo: [backend.port] });
    const hosts = [irHost('*', [irRoute('all', { action: forward(['echo', 1]) })])];
    return {
      key: 'test/gateway',
      clusters,
      ports: [
        {
          port,
          protocol: 'HTTPS',
          tables: tables.map(({ serverName, certificate: own }) => ({
            id: `https-${serverName?.replace('*', 'any') ?? 'all'}`,
            tls: { certificates: [own], ...(serverName !== undefined && { serverName }) },
            hosts,
          })),
        },
      ],
    };
  };
  const handshake = async (options: ConnectionOptions): Promise<TLSSocket> => {
    const socket = connect({
      port,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      ALPNProtocols: ['h2'],
      ...options,
    });
    await once(socket, 'secureConnect');
    return socket;
  };
  const nameOf = async (servername: string | undefined): Promise<string | undefined> => {
    const socket = await handshake(servername === undefined ? {} : { servername });
    const { subjectaltname } = socket.getPeerCertificate();
    expect(socket.alpnProtocol).to.equal('h2');
    socket.destroy();
    return subjectaltname;
  };
  const start = async (make: () => Promise<IrGateway>): Promise<void> => {
    [authority, port, backend] = await Promise.all([
      createAuthority(new Date()),
      freePort(),
      startEcho('echo'),
    ]);
    envoy = await RealEnvoy.start(await make());
    await envoy.untilProgrammed();
  };

  afterEach(async () => {
    backend.stop();
    await envoy.stop();
  });

  it('chooses the certificate by SNI', async () => {
    await start(async () =>
      gateway([
        { serverName: 'a.example.com', certificate: await certificate('test/a', 'a.example.com') },
        { serverName: '*.example.com', certificate: await certificate('test/any', '*.example.com') },
        { certificate: await certificate('test/rest', 'rest.test') },
      ]),
    );
    expect(await nameOf('a.example.com')).to.equal('DNS:a.example.com');
    expect(await nameOf('b.example.com')).to.equal('DNS:*.example.com');
    expect(await nameOf('other.test')).to.equal('DNS:rest.test');
    expect(await nameOf(undefined)).to.equal('DNS:rest.test');
  });

  it('goes on with open streams when a certificate is replaced and when a listener comes', async () => {
    await start(async () =>
      gateway([{ serverName: 'a.test', certificate: await certificate('test/a', 'a.test') }]),
    );
    const client = new EchoClient(port, credentials.createSsl(Buffer.from(authority.certificate)), {
      'grpc.ssl_target_name_override': 'a.test',
    });
    const stream = client.stream('a.test');
    const echo = async (text: string): Promise<string> => {
      stream.write(Buffer.from(text));
      const [answer] = (await once(stream, 'data')) as [Buffer];
      return answer.toString();
    };
    expect(await echo('first')).to.equal('first');
    const renewed = await certificate('test/a', 'renewed.test');
    envoy.program(gateway([{ serverName: 'a.test', certificate: renewed }]));
    while ((await nameOf('a.test')) !== 'DNS:renewed.test');
    expect(await echo('after rotation')).to.equal('after rotation');
    const added = await certificate('test/b', 'b.test');
    envoy.program(
      gateway([
        { serverName: 'a.test', certificate: renewed },
        { serverName: 'b.test', certificate: added },
      ]),
    );
    await envoy.untilProgrammed();
    expect(await nameOf('b.test')).to.equal('DNS:b.test');
    expect(await echo('after a new listener')).to.equal('after a new listener');
    stream.end();
    client.close();
  });
});
