import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { once } from 'node:events';
import { credentials } from '@grpc/grpc-js';
import { expect } from 'chai';
import { testCertificate, writeKeyPair } from './test-certificate.ts';
import { TestClient, startTestServer } from './test-client.ts';

describe('echo-server over TLS', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'echo-tls-'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('serves TLS and h2c at once and tells what was agreed in the handshake', async () => {
    const certificate = await testCertificate('01');
    const server = await startTestServer({ tls: { ...writeKeyPair(directory, certificate), port: 0 } });
    const secure = new TestClient(server.tlsPort ?? 0, credentials.createSsl(Buffer.from(certificate.cert)));
    const plain = new TestClient(server.ports[0] ?? 0);
    const { responses } = await secure.call('routeproof.v1.Probe/Unary', {});
    const tls = responses[0]?.received.tls;
    expect(tls).to.include({ enabled: true, version: 'TLSv1.3', alpn: 'h2', serverName: 'localhost' });
    expect(tls?.cipher).to.match(/^TLS_/);
    const unencrypted = await plain.call('routeproof.v1.Probe/Unary', {});
    expect(unencrypted.responses[0]?.received.tls.enabled).to.equal(false);
    for (const client of [secure, plain]) client.close();
    await server.shutdown();
  });

  it('shares one ledger between its ports', async () => {
    const certificate = await testCertificate('01');
    const server = await startTestServer({ tls: { ...writeKeyPair(directory, certificate), port: 0 } });
    const secure = new TestClient(server.tlsPort ?? 0, credentials.createSsl(Buffer.from(certificate.cert)));
    const plain = new TestClient(server.ports[0] ?? 0);
    await secure.call('routeproof.v1.Probe/Unary', {}, { metadata: { 'x-routeproof-nonce': 'n' } });
    const { responses } = await plain.call<{ seen: { calls: object[] }[] }>('routeproof.v1.Ledger/Seen', {
      nonces: ['n'],
    });
    expect(responses[0]?.seen[0]?.calls).to.have.length(1);
    for (const client of [secure, plain]) client.close();
    await server.shutdown();
  });

  it('takes a changed certificate over, and keeps the old one while the files do not fit together', async () => {
    const first = await testCertificate('0a');
    const second = await testCertificate('0b');
    const server = await startTestServer({ tls: { ...writeKeyPair(directory, first), port: 0 } });
    expect(await servedSerial(server.tlsPort ?? 0)).to.equal('0A');
    const reloaded = server.certificateReloaded();
    writeKeyPair(directory, { ...second, key: first.key });
    expect(await servedSerial(server.tlsPort ?? 0)).to.equal('0A');
    writeKeyPair(directory, second);
    await reloaded;
    expect(await servedSerial(server.tlsPort ?? 0)).to.equal('0B');
    await server.shutdown();
  });

  it('survives a client that speaks no TLS', async () => {
    const certificate = await testCertificate('01');
    const server = await startTestServer({ tls: { ...writeKeyPair(directory, certificate), port: 0 } });
    const wrong = new TestClient(server.tlsPort ?? 0);
    expect(
      (await wrong.call('routeproof.v1.Probe/Unary', {}, { deadlineMs: 2000 })).status.code,
    ).not.to.equal(0);
    expect(await servedSerial(server.tlsPort ?? 0)).to.equal('01');
    wrong.close();
    await server.shutdown();
  });

  it('refuses files that are no key pair, by name', async () => {
    const files = writeKeyPair(directory, { cert: 'no', key: 'no', serialNumber: '' });
    const failure = await startTestServer({ tls: { ...files, port: 0 } }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.have.property('code', 'INVALID_INPUT');
    expect(failure).to.have.property('message').that.includes(files.certFile);
  });
});

async function servedSerial(port: number): Promise<string> {
  const socket: TLSSocket = connect({
    port,
    host: 'localhost',
    ALPNProtocols: ['h2'],
    rejectUnauthorized: false,
  });
  await once(socket, 'secureConnect');
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}
