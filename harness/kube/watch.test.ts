import { expect } from 'chai';
import { FakeApi } from './fake-api.fixture.ts';
import { KubeClient } from './client.ts';
import { knownKind, type KindInfo } from './kinds.ts';
import type { KubeObject } from './objects.ts';
import { ResourceWatch } from './watch.ts';

const kind = knownKind('ConfigMap') as KindInfo;

function configMap(name: string, value: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' }, spec: value };
}

describe('watching a kind', () => {
  let api: FakeApi;
  let client: KubeClient;
  let watch: ResourceWatch;

  beforeEach(async () => {
    api = new FakeApi();
    client = new KubeClient({ server: await api.start(), options: {} });
    watch = new ResourceWatch(client, kind);
  });

  afterEach(async () => {
    watch.stop();
    client.close();
    await api.stop();
  });

  /** Resolves when the mirror holds `value` for the object (undefined: no object). */
  function mirrored(key: string, value: string | undefined): Promise<void> {
    return new Promise((resolve) => {
      if (watch.get(key)?.spec === value) resolve();
      watch.listen((object, _previous, at) => {
        if (at === key && object?.spec === value) resolve();
      });
    });
  }

  it('mirrors what exists, what comes, what changes and what goes', async () => {
    await client.apply(configMap('old', 'a'));
    await watch.start();
    expect(watch.get('shop/old')?.spec).to.equal('a');
    await client.apply(configMap('new', 'b'));
    await mirrored('shop/new', 'b');
    await client.apply(configMap('new', 'c'));
    await mirrored('shop/new', 'c');
    await client.delete(kind, 'shop', 'old');
    await mirrored('shop/old', undefined);
  });

  it('goes on after the server ends the watch', async () => {
    await watch.start();
    await client.apply(configMap('a', '1'));
    await mirrored('shop/a', '1');
    api.endWatches();
    await client.apply(configMap('a', '2'));
    api.endWatches();
    await client.apply(configMap('a', '3'));
    await mirrored('shop/a', '3');
  });

  it('reports an API server that has gone away', async () => {
    const unreachable = new Promise((resolve) => {
      client.onUnreachable = resolve;
    });
    await watch.start();
    await api.stop();
    expect(String(await unreachable)).to.contain('does not answer');
  });
});
