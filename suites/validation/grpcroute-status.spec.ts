import { expect, scenario } from '../../harness/index.ts';
import type { Scenario } from '../../harness/index.ts';
import type { Route } from '../shapes.ts';
import { many } from './judge.ts';

const condition = {
  type: 'Accepted',
  status: 'True',
  reason: 'Accepted',
  message: '',
  lastTransitionTime: '2026-01-01T00:00:00Z',
};
const entry = {
  parentRef: { name: 'nobody' },
  controllerName: 'example.org/nobody',
  conditions: [condition],
};
const ref = { kind: 'GRPCRoute', name: 'judged' };
const named = (count: number): object[] =>
  many(count, (i) => ({ ...entry, parentRef: { name: `gw${String(i)}` } }));
const conditions = (count: number): object[] => [
  { ...entry, conditions: many(count, (i) => ({ ...condition, type: `Type${String(i)}` })) },
];

const cases = [
  {
    clause: 'validation-grpcroute-status-parents-max',
    accepted: named(32),
    refused: named(33),
    says: /status\.parents: Too many/,
  },
  {
    clause: 'validation-grpcroute-status-conditions-bounds',
    accepted: conditions(1),
    refused: conditions(0),
    says: /status\.parents\[0\]\.conditions.* should have at least 1 items/,
  },
  {
    clause: 'validation-grpcroute-status-conditions-bounds',
    accepted: conditions(8),
    refused: conditions(9),
    says: /status\.parents\[0\]\.conditions: Too many/,
  },
  {
    clause: 'validation-grpcroute-status-conditions-bounds',
    accepted: conditions(2),
    refused: [{ ...entry, conditions: [condition, condition] }],
    says: /status\.parents\[0\]\.conditions\[1\]: Duplicate value/,
  },
  {
    clause: 'validation-grpcroute-status-controllername-pattern',
    accepted: [{ ...entry, controllerName: 'example.org/a/b' }],
    refused: [{ ...entry, controllerName: 'example.org' }],
    says: /status\.parents\[0\]\.controllerName.* should match/,
  },
];

scenario(
  {
    id: 'validation/grpcroute-status',
    title: 'The API server keeps status apart, refuses malformed ones, and writes the defaults',
    support: 'core',
    clauses: [
      ...new Set(cases.map(({ clause }) => clause)),
      'validation-grpcroute-status-subresource',
      'validation-grpcroute-defaults-applied',
      'validation-grpcroute-strict-unknown-field',
      'parentref-service-group-explicit',
    ],
  },
  async (t) => {
    await t.apply();
    for (const { clause, accepted, refused, says } of cases) {
      const [good, bad] = await Promise.all(
        [accepted, refused].map((parents) => t.statusRejection(ref, { parents })),
      );
      await t.check(
        `${clause}: refused with its field, while its neighbour is accepted`,
        () => {
          expect(good).to.equal(undefined);
          expect(bad).to.match(says);
        },
        'apply',
      );
    }
    await statusIsApart(t);
    await defaultsAreWritten(t);
    await unknownFieldsAreDropped(t);
  },
);

async function statusIsApart(t: Scenario): Promise<void> {
  const patch = JSON.stringify({ status: { parents: [entry] } });
  const merge = ['patch', 'grpcroute', 'judged', '--type=merge', '-p', patch];
  const before = await t.get<Route>(ref);
  await t.kubectl(merge);
  const through = await t.get<Route>(ref);
  await t.kubectl([...merge, '--subresource=status', '--field-manager=example']);
  const after = await t.get<Route>(ref);
  await t.check(
    'status is written through its subresource only, and does not count as a new generation',
    () => {
      expect(through.status?.parents ?? []).to.deep.equal(before.status?.parents ?? []);
      expect(after.status?.parents.map(({ controllerName }) => controllerName)).to.deep.equal([
        entry.controllerName,
      ]);
      expect(after.metadata?.generation).to.equal(before.metadata?.generation);
    },
    'apply',
  );
}

async function defaultsAreWritten(t: Scenario): Promise<void> {
  const { spec } = await t.get<Route>({ kind: 'GRPCRoute', name: 'judged' });
  const [rule] = spec.rules ?? [];
  await t.check(
    'absent fields are stored with their documented defaults',
    () => {
      expect(spec.parentRefs?.[0]).to.include({ group: 'gateway.networking.k8s.io', kind: 'Gateway' });
      expect(rule?.matches?.[0]?.method).to.deep.equal({ type: 'Exact', method: 'Get' });
      expect(rule?.matches?.[0]?.headers?.[0]).to.include({ type: 'Exact' });
      expect(rule?.backendRefs?.[0]).to.include({ group: '', kind: 'Service', weight: 1 });
    },
    'apply',
  );
  const [stored] = await t.applyObjects({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { name: 'service-parent' },
    spec: { parentRefs: [{ kind: 'Service', name: 'v1' }] },
  } as Route);
  await t.check(
    'a Service parent without group is stored with the group of Gateway API',
    () => {
      expect((stored as Route).spec.parentRefs?.[0]).to.include({
        group: 'gateway.networking.k8s.io',
        kind: 'Service',
      });
    },
    'apply',
  );
}

async function unknownFieldsAreDropped(t: Scenario): Promise<void> {
  const written = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { name: 'unknown-field' },
    spec: { rules: [{ name: 'a', timeouts: { request: '1s' } }] },
  };
  const create = (validate: string): ReturnType<Scenario['kubectl']> =>
    t.kubectl(
      ['create', `--validate=${validate}`, '--dry-run=server', '-o', 'json', '-f', '-'],
      JSON.stringify(written),
    );
  const [strict, ignoring] = await Promise.all([create('strict'), create('ignore')]);
  await t.check(
    'an unknown field is refused under strict validation and dropped otherwise',
    () => {
      expect(strict.exitCode).not.to.equal(0);
      expect(strict.stderr).to.match(/unknown field "spec\.rules\[0\]\.timeouts"/);
      expect(ignoring.exitCode).to.equal(0);
      expect((JSON.parse(ignoring.stdout) as Route).spec.rules?.[0]).to.deep.include({ name: 'a' });
      expect((JSON.parse(ignoring.stdout) as Route).spec.rules?.[0]).not.to.have.property('timeouts');
    },
    'apply',
  );
}
