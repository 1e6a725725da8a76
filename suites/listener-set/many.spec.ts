import { expect, scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { ListenerStatus, Route } from '../shapes.ts';
import { attachedSetsMustBe, setMustBeProgrammed, setRef } from './shapes.ts';
import type { ListenerSet } from './shapes.ts';

/** How many listeners each has, 80 together: the largest comes last by age and by name, so that some of its own are accepted whatever the limit. */
const sets: Record<string, number> = {
  ...Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`brief-${String(index)}`, 1])),
  first: 34,
  second: 36,
};
const names = Object.keys(sets);

function isRefusedFor(entry: ListenerStatus): string | undefined {
  const accepted = conditionOf(entry.conditions, 'Accepted');
  return accepted?.status === 'False' ? accepted.reason : undefined;
}

scenario(
  {
    id: 'listener-set/many',
    title:
      'With a dozen ListenerSets a Gateway has more listeners than its own 64, or says of each that it is too many',
    support: 'extended',
    features: ['ListenerSet'],
    clauses: ['listenerset-more-than-64', 'listenerset-too-many', 'listenerset-serves-traffic'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    for (const name of names) {
      const listeners = Array.from({ length: sets[name] ?? 0 }, (_, index) => ({
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
    const made = await Promise.all(names.map((name) => t.get<ListenerSet>(setRef(name))));
    const entries = made.flatMap(({ status }) => status?.listeners ?? []);
    const refusals = entries.map(isRefusedFor).filter((reason) => reason !== undefined);
    await t.check(
      'each of the 80 listeners is accepted, or refused as one too many',
      () => {
        expect(entries.length).to.equal(80);
        expect(refusals.filter((reason) => reason !== 'TooManyListeners')).to.deep.equal([]);
      },
      'status',
    );
    t.note(`${String(entries.length - refusals.length)} of ${String(entries.length)} listeners are accepted`);
    for (const [index, { status }] of made.entries()) {
      for (const entry of new Set([status?.listeners?.[0], status?.listeners?.at(-1)])) {
        if (entry === undefined || isRefusedFor(entry) !== undefined) continue;
        const host = `${names[index] ?? ''}-${entry.name.slice(1)}.example.com`;
        await t.callMust({ host }, { backend: 'v1' });
      }
    }
  },
);
