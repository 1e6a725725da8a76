import { expect } from 'chai';
import { FakeApiServer } from '../provider/fake-api-server.fixture.ts';
import type { Received } from '../provider/fake-api-server.fixture.ts';
import type { Leftover } from './leftovers.ts';
import { removeProxy } from './remove-proxy.ts';

describe('removeProxy', () => {
  let api: FakeApiServer;
  const leftover: Leftover = {
    namespace: 'shop',
    name: 'gw-routeproof',
    gatewayKey: 'shop/gw',
    ownerGone: true,
    serviceUid: 's-1',
    deploymentUid: 'd-1',
  };
  const nextIs = async (path: string): Promise<Received> => {
    const received = await api.next();
    expect([received.method, received.path]).to.deep.equal(['DELETE', path]);
    return received;
  };

  beforeEach(async () => {
    api = await FakeApiServer.start();
  });

  afterEach(() => api.stop());

  it('takes the address away first, and nothing of that name that is not the one it knows', async () => {
    const done = removeProxy(api.client, leftover);
    const service = await nextIs('/api/v1/namespaces/shop/services/gw-routeproof');
    expect(service.body).to.deep.include({ preconditions: { uid: 's-1' }, propagationPolicy: 'Background' });
    service.answer(404, { message: 'gone' });
    const deployment = await nextIs('/apis/apps/v1/namespaces/shop/deployments/gw-routeproof');
    expect(deployment.body).to.deep.include({ preconditions: { uid: 'd-1' } });
    deployment.answer(409, { message: 'another uid' });
    await done;
  });

  it('takes everything when the Gateway is still there', async () => {
    const done = removeProxy(api.client, { ...leftover, ownerGone: false });
    const paths: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const { path, answer } = await api.next();
      paths.push(path.split('/').at(-2) ?? '');
      answer(200, {});
    }
    await done;
    expect([paths[0], paths[4]]).to.deep.equal(['services', 'deployments']);
    expect(paths.slice(1, 4).sort()).to.deep.equal(['configmaps', 'secrets', 'serviceaccounts']);
  });

  it('fails when the API server does', async () => {
    const done = removeProxy(api.client, leftover).catch((error: unknown) => error);
    (await api.next()).answer(500, { message: 'etcd is away' });
    expect(await done)
      .to.be.an('error')
      .with.property('code', 500);
  });
});
