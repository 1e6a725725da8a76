import { expect } from 'chai';
import { KubeClient } from './client.ts';
import { FakeApi } from './fake-api.fixture.ts';
import { knownKind, type KindInfo } from './kinds.ts';
import { ApiRefusal } from './refusal.ts';

const kind = knownKind('ConfigMap') as KindInfo;
const path = '/api/v1/namespaces/shop/configmaps';

describe('a request that is to come again later', () => {
  let api: FakeApi;
  let client: KubeClient;

  beforeEach(async () => {
    api = new FakeApi();
    client = new KubeClient({ server: await api.start(), options: {} });
  });

  afterEach(async () => {
    client.close();
    await api.stop();
  });

  it('does', async () => {
    api.busyFor = 2;
    expect((await client.list(kind, 'shop')).items).to.deep.equal([]);
    expect(api.requests).to.deep.equal(Array(3).fill(`GET ${path}`));
  });

  it('is refused in the end, with the words of the API server', async () => {
    api.busyFor = 1000;
    const refusal: unknown = await client.list(kind, 'shop').catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(ApiRefusal).and.include({ status: 429 });
    expect((refusal as ApiRefusal).message).to.equal('storage is (re)initializing');
    expect(api.requests).to.have.length(10);
  });

  it('is not sent again when it was refused for good', async () => {
    api.refuse = () => 'never';
    const refusal: unknown = await client
      .apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop' } })
      .catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(ApiRefusal).and.include({ status: 422 });
    expect(api.requests).to.have.length(1);
  });
});
