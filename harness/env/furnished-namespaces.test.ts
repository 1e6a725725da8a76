import { expect } from 'chai';
import { accepted, FakeCluster, route } from '../scenario/fake-cluster.fixture.ts';
import { FurnishedNamespaces } from './furnished-namespaces.ts';
import type { Furnished } from './furnished-namespaces.ts';
import type { ScenarioBody } from '../specs/registry.ts';

const withBackends = (name: string, ...backends: string[]): Furnished => ({
  name,
  backends: backends.map((written, index) => ({ written, index, objects: [] })),
});

describe('furnished namespaces', () => {
  let free: FurnishedNamespaces;

  beforeEach(() => {
    free = new FurnishedNamespaces();
  });

  it('are given out once, the one that has been free for longest first', () => {
    free.giveBack(withBackends('a', 'v1'));
    free.giveBack(withBackends('b', 'v1'));
    expect(['a', 'b', undefined].map(() => free.take(['v1'])?.name)).to.deep.equal(['a', 'b', undefined]);
  });

  it('have the most of what is wanted, and nothing else', () => {
    free.giveBack(withBackends('one', 'v1'));
    free.giveBack(withBackends('two', 'v1', 'v2'));
    free.giveBack(withBackends('three', 'v1', 'v2', 'v3'));
    expect(free.take(['v1', 'v2'])?.name).to.equal('two');
    expect(free.take(['v1', 'v2'])?.name).to.equal('one');
    expect(free.take(['v1', 'v2'])).to.equal(undefined);
  });

  it('point to the pods that the order of the backends asks for', () => {
    free.giveBack(withBackends('a', 'v1', 'v2'));
    expect(free.take(['v2', 'v1'])).to.equal(undefined);
  });
});

describe('scenarios that use a namespace one after the other', () => {
  let cluster: FakeCluster;

  beforeEach(async () => {
    cluster = new FakeCluster();
    await cluster.start();
    cluster.env.furnished = new FurnishedNamespaces();
  });

  afterEach(() => cluster.stop());

  const posted = (): string[] => cluster.api.requests.filter((request) => request.startsWith('POST '));
  /** Where a scenario with that body ran. */
  async function placeOf(body: ScenarioBody, backends = ['v1', 'v2']): Promise<string> {
    let place = '';
    const result = await cluster.run(
      async (t) => {
        place = t.namespace();
        await body(t);
      },
      { backends },
    );
    expect(result.verdict, result.seen).to.equal('pass');
    return place;
  }
  const serves: ScenarioBody = async (t) => {
    await t.applyObjects(route);
    await t.routeMustBeAccepted('shop');
    await t.callMust(cluster.call, { backend: 'v1' });
  };

  it('find the backends there, and no route', async () => {
    const first = await placeOf(serves);
    const before = posted().length;
    const second = await placeOf(async (t) => {
      const there = [...cluster.api.objects.keys()].filter((path) => path.includes(t.namespace()));
      expect(there.filter((path) => path.includes('routes'))).to.deep.equal([]);
      expect(there.filter((path) => /\/services\/v[12]$/.test(path))).to.have.length(2);
      await serves(t);
    });
    expect(second).to.equal(first);
    expect(posted()).to.have.length(before);
  });

  it('get one of their own beside each other', async () => {
    let inside = '';
    const outside = await placeOf(async (t) => {
      inside = await placeOf(serves);
      await serves(t);
    });
    expect(inside).not.to.equal(outside);
  });

  it('make what is missing', async () => {
    const first = await placeOf(serves, ['v1']);
    expect(await placeOf(serves, ['v1', 'v2'])).to.equal(first);
    expect(posted().filter((path) => path.endsWith('/services'))).to.have.length(2);
  });

  const leavesIt: Record<string, ScenarioBody> = {
    'has applied something else': async (t) => {
      await t.applyObjects({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'more' } });
      await serves(t);
    },
    'has changed a backend': async (t) => {
      await serves(t);
      await t.update({ kind: 'Service', name: 'v1' }, (object) => {
        if (object.metadata !== undefined) object.metadata.labels = { changed: 'true' };
      });
    },
    'has removed a backend': async (t) => {
      await serves(t);
      await t.remove({ kind: 'Service', name: 'v2' });
    },
    'has a second namespace': async (t) => {
      await serves(t);
      await t.applyObjects({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'one', namespace: 'team' },
      });
    },
  };
  for (const [what, body] of Object.entries(leavesIt)) {
    it(`do not get that of one that ${what}`, async () => {
      const first = await placeOf(body);
      expect(await placeOf(serves)).not.to.equal(first);
    });
  }

  it('do not get that of one that failed', async () => {
    let first = '';
    cluster.routeStatus = (object) => accepted(object).map((each) => ({ ...each, status: 'False' }));
    const { verdict } = await cluster.run(async (t) => {
      first = t.namespace();
      await serves(t);
    });
    expect(verdict).to.equal('wrong');
    cluster.routeStatus = accepted;
    expect(await placeOf(serves)).not.to.equal(first);
  });
});
