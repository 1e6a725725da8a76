import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { expect } from 'chai';
import { HealthImplementation } from 'grpc-health-check';
import { grpcHealth } from './grpc-health.ts';

const timeoutMs = 10_000;

describe('grpcHealth', () => {
  let server: Server;
  beforeEach(() => {
    server = new Server();
    new HealthImplementation({ '': 'SERVING', shop: 'NOT_SERVING' }).addToServer(server);
  });
  afterEach(() => server.forceShutdown());

  function listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
  }

  it('tells serving, not serving and unknown services', async () => {
    const address = `127.0.0.1:${await listen(0)}`;
    expect(await grpcHealth(address, '', timeoutMs)).to.include({ ok: true });
    expect(await grpcHealth(address, 'shop', timeoutMs)).to.deep.equal({
      ok: false,
      message: 'service unhealthy (responded with "NOT_SERVING")',
    });
    const unknown = await grpcHealth(address, 'other', timeoutMs);
    expect(unknown.ok).to.equal(false);
    expect(unknown.message).to.match(/^NOT_FOUND/);
  });

  it('does not go through the proxy of the environment', async () => {
    const address = `127.0.0.1:${await listen(0)}`;
    const before = process.env['grpc_proxy'];
    process.env['grpc_proxy'] = `http://127.0.0.1:${await freePort()}`;
    try {
      expect(await grpcHealth(address, '', timeoutMs)).to.include({ ok: true });
    } finally {
      if (before === undefined) delete process.env['grpc_proxy'];
      else process.env['grpc_proxy'] = before;
    }
  });

  it('sees a server as soon as it listens, however often it was refused before', async () => {
    const port = await freePort();
    for (let refusal = 0; refusal < 3; refusal++) {
      const { ok, message } = await grpcHealth(`127.0.0.1:${port}`, '', timeoutMs);
      expect(ok).to.equal(false);
      expect(message).to.contain('ECONNREFUSED');
    }
    await listen(port);
    expect(await grpcHealth(`127.0.0.1:${port}`, '', timeoutMs)).to.include({ ok: true });
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
