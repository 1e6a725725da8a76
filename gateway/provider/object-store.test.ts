import { expect } from 'chai';
import { ObjectStore } from './object-store.ts';
import type { Change, KubeObject } from './object-store.ts';

const route = (metadata: Partial<KubeObject['metadata']>): KubeObject => ({
  metadata: { name: 'route', namespace: 'app', generation: 1, ...metadata },
});

describe('a store of objects', () => {
  let changes: Change[];
  let store: ObjectStore<KubeObject>;

  beforeEach(() => {
    changes = [];
    store = new ObjectStore({ changed: (what) => changes.push(what) });
    store.set(route({ resourceVersion: '1' }));
    changes = [];
  });

  it('tells a new status from a new object', () => {
    store.set(route({ resourceVersion: '2' }));
    store.set(route({ resourceVersion: '3', generation: 2 }));
    expect(changes).to.deep.equal(['status', 'object']);
  });

  it('takes what is written in metadata for a new object', () => {
    store.set(route({ resourceVersion: '2', labels: { a: 'b' } }));
    store.set(route({ resourceVersion: '3', labels: { a: 'b' }, deletionTimestamp: '2026-01-01T00:00:00Z' }));
    expect(changes).to.deep.equal(['object', 'object']);
  });

  it('takes every change of a kind without generation for a new object', () => {
    const service: KubeObject = { metadata: { name: 'service', namespace: 'app', resourceVersion: '1' } };
    store.set(service);
    store.set({ metadata: { ...service.metadata, resourceVersion: '2' } });
    expect(changes).to.deep.equal(['object', 'object']);
  });

  it('says nothing of the same version, and tells deletions', () => {
    store.set(route({ resourceVersion: '1' }));
    expect(changes).to.deep.equal([]);
    store.delete(route({}));
    expect(changes).to.deep.equal(['object']);
    expect(store.list()).to.deep.equal([]);
  });
});
