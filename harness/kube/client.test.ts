import { expect } from 'chai';
import { KubeClient } from './client.ts';
import { FakeApi } from './fake-api.fixture.ts';
import { knownKind, type KindInfo } from './kinds.ts';
import type { KubeObject } from './objects.ts';
import { ApiRefusal } from './refusal.ts';

const kind = knownKind('ConfigMap') as KindInfo;
const path = '/api/v1/namespaces/shop/configmaps';

function configMap(name: string, value: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' }, spec: value };
}

describe('the API client', () => {
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

  it('throws the server’s own words on a refusal', async () => {
    api.refuse = () => 'metadata.name: Invalid value';
    const error: unknown = await client.apply(configMap('a', '1')).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ApiRefusal);
    expect(error).to.include({ status: 422, message: 'metadata.name: Invalid value' });
  });

  it('keeps nothing of a dry run', async () => {
    await client.apply(configMap('a', '1'), { dryRun: true });
    expect([...api.objects.keys()]).to.deep.equal([]);
  });

  it('takes an object that is gone already for deleted', async () => {
    await client.delete(kind, 'shop', 'missing');
    expect(api.requests).to.deep.equal(['DELETE /api/v1/namespaces/shop/configmaps/missing']);
  });

  it('asks the server for kinds that it does not know', async () => {
    const error: unknown = await client.kindInfo('Widget').catch((thrown: unknown) => thrown);
    expect(String(error)).to.contain('needs an apiVersion');
  });

  describe('with a kind whose older version is the same', () => {
    const group = '/apis/gateway.networking.k8s.io';
    const serve = (version: string): void => {
      const resources = [{ name: 'referencegrants', kind: 'ReferenceGrant', namespaced: true }];
      api.objects.set(`${group}/${version}`, { resources } as KubeObject);
    };
    const versionOf = async (apiVersion?: string): Promise<string> =>
      (await client.kindInfo('ReferenceGrant', apiVersion)).apiVersion;

    it('takes that where nothing else is served', async () => {
      serve('v1beta1');
      expect(await versionOf()).to.equal('gateway.networking.k8s.io/v1beta1');
      expect(await versionOf('gateway.networking.k8s.io/v1')).to.equal('gateway.networking.k8s.io/v1beta1');
    });

    it('takes the newer one where both are served, and where neither is', async () => {
      expect(await versionOf()).to.equal('gateway.networking.k8s.io/v1');
      serve('v1');
      serve('v1beta1');
      expect(await versionOf()).to.equal('gateway.networking.k8s.io/v1');
    });
  });

  describe('with a request that is to come again later', () => {
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
      const refusal: unknown = await client.apply(configMap('a', '1')).catch((error: unknown) => error);
      expect(refusal).to.be.instanceOf(ApiRefusal).and.include({ status: 422 });
      expect(api.requests).to.have.length(1);
    });
  });
});
