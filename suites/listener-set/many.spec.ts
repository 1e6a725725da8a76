import { expect, scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { ListenerStatus, Route } from '../shapes.ts';
import { attachedSetsMustBe, setMustBeProgrammed, setRef } from './shapes.ts';
import type { ListenerSet } from './shapes.ts';

const each = 40;
const names = ['first', 'second'];

function isRefusedFor(entry: ListenerStatus): string | undefined {
  const accepted = conditionOf(entry.conditions, 'Accepted');
  return accepted?.status === 'False' ? accepted.reason : undefined;
}

scenario(
  {
    id: 'listener-set/many',
    title:
      'With ListenerSets a Gateway has more listeners than its own 64, or says of each that it is too many',
    support: 'extended',
    features: ['ListenerSet'],
    clauses: ['listenerset-more-than-64', 'listenerset-too-many'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    for (const name of names) {
      const listeners = Array.from({ length: each }, (_, index) => ({
        name: `l${String(index)}`,
        port: 80,
        protocol: 'HTTP',
        hostname: `${name}-${String(index)}.example.com`,
      }));
      const set: ListenerSet = {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'ListenerSet',
        metadata: { name },
        spec: { parentRef: { name: 'edge' }, listeners },
      };
      const route: Route = {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'GRPCRoute',
        metadata: { name },
        spec: {
          parentRefs: [{ kind: 'ListenerSet', name }],
          rules: [{ backendRefs: [{ name: 'v1', port: 9000 }] }],
        },
      };
      await t.applyObjects(set, route);
    }
    for (const name of names) await setMustBeProgrammed(t, name);
    await attachedSetsMustBe(t, 'edge', names.length);
    const sets = await Promise.all(names.map((name) => t.get<ListenerSet>(setRef(name))));
    const entries = sets.flatMap(({ status }) => status?.listeners ?? []);
    const refusals = entries.map(isRefusedFor).filter((reason) => reason !== undefined);
    await t.check(
      'each of the 80 listeners is accepted, or refused as one too many',
      () => {
        expect(entries.length).to.equal(names.length * each);
        expect(refusals.filter((reason) => reason !== 'TooManyListeners')).to.deep.equal([]);
      },
      'status',
    );
    t.note(`${String(entries.length - refusals.length)} of ${String(entries.length)} listeners are accepted`);
    for (const [index, set] of sets.entries()) {
      for (const entry of [set.status?.listeners?.[0], set.status?.listeners?.at(-1)]) {
        if (entry === undefined || isRefusedFor(entry) !== undefined) continue;
        const host = `${names[index] ?? ''}-${entry.name.slice(1)}.example.com`;
        await t.callMust({ host }, { backend: 'v1' });
      }
    }
  },
);
