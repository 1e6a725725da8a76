import { expect } from 'chai';
import { readImplementation } from './implementation.ts';
import { componentVersions } from './versions.ts';

const cluster = { etcd: 'v3.6.8', envoy: 'v1.40.0' };

describe('versions of components that reports name', () => {
  it('have what an implementation brings, as its binary tells it', async () => {
    const own = { ...readImplementation('traefik'), versions: { envoy: 'etcd', store: 'etcd' } as const };
    const { etcd, envoy, store } = await componentVersions(cluster, own);
    expect(etcd).to.equal('v3.6.8');
    expect(envoy)
      .to.match(/^v\d+\.\d+/)
      .and.to.equal(store);
    expect(envoy).to.not.equal('v1.40.0');
  });
});
