import { expect } from 'chai';
import { readImplementation } from './implementation.ts';
import { componentVersions } from './versions.ts';

const cluster = { etcd: 'v3.6.8', envoy: 'v1.40.0' };

describe('versions of components that reports name', () => {
  it('are those of the cluster where nothing else was installed', async () => {
    expect(await componentVersions(cluster, undefined)).to.deep.equal(cluster);
  });

  it("do not count the bundled gateway's Envoy for an implementation that runs none", async () => {
    const { versions: _, ...without } = readImplementation('traefik');
    expect(await componentVersions(cluster, without)).to.deep.equal({ etcd: 'v3.6.8' });
  });
});
