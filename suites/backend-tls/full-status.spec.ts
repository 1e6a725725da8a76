import { expect, scenario } from '../../harness/index.ts';
import type { Scenario } from '../../harness/index.ts';
import { currentConditions } from '../optional-support.ts';
import { othersRef, othersVerdict } from '../others-status.ts';
import { patchStatus } from '../status-patch.ts';
import {
  accepted,
  applyCa,
  applyRoute,
  applyService,
  hostOf,
  otherName,
  overTls,
  policy,
  policyMust,
  unavailable,
} from './policies.ts';
import type { Policy } from './policies.ts';

/** As many as the status holds. */
const foreign = Array.from({ length: 16 }, (_, index) => ({
  ancestorRef: othersRef({ name: `elsewhere-${String(index)}` }),
  ...othersVerdict,
}));

async function fill(t: Scenario, name: string, ancestors: object[]): Promise<void> {
  await patchStatus(t, { kind: 'BackendTLSPolicy', name }, [
    { op: 'add', path: '/status', value: { ancestors } },
  ]);
}

scenario(
  {
    id: 'backend-tls/full-status',
    title:
      'A policy whose status has no room left counts as one that cannot be met, and the route says so, until there is room',
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: ['btls-ancestor-list-full', 'btls-ancestor-foreign-kept', 'btls-unmet-makes-backend-invalid'],
    backends: ['v1'],
    manifests: [],
  },
  async (t) => {
    await applyCa(t);
    await applyService(t, 'secure');
    await t.applyObjects(policy('secure'));
    await fill(t, 'secure', foreign);
    await applyRoute(t, 'secure');
    // One place is left, and taken: with its own entry in it, a list is not too full for it.
    await applyService(t, 'last-place');
    await t.applyObjects(policy('last-place'));
    await fill(t, 'last-place', foreign.slice(1));
    await applyRoute(t, 'last-place');
    await t.until(
      { kind: 'GRPCRoute', name: 'secure' },
      'a condition that is False',
      (object) => currentConditions(t, object).some(({ status }) => status === 'False'),
      'status',
    );
    await t.callMust({ host: hostOf('secure') }, unavailable);
    await t.barrier();
    await t.callMustAlways({ host: hostOf('secure') }, unavailable);
    await policyMust(t, 'last-place', accepted);
    await t.callMust({ host: hostOf('last-place') }, overTls());
    await t.update<Policy>({ kind: 'BackendTLSPolicy', name: 'last-place' }, ({ spec }) => {
      spec.validation.hostname = otherName;
    });
    await policyMust(t, 'last-place', accepted);
    await t.callMust({ host: hostOf('last-place') }, overTls(otherName));
    await t.check(
      'the entries are those of the other controller',
      async () => {
        const { status } = await t.get<Policy>({ kind: 'BackendTLSPolicy', name: 'secure' });
        expect(status?.ancestors.map(({ ancestorRef }) => ancestorRef.name)).to.deep.equal(
          foreign.map(({ ancestorRef }) => ancestorRef.name),
        );
      },
      'status',
    );

    // Whoever has found room is in force, at the latest when it is edited.
    await fill(t, 'secure', foreign.slice(1));
    await t.update<Policy>({ kind: 'BackendTLSPolicy', name: 'secure' }, ({ spec }) => {
      spec.validation.hostname = otherName;
    });
    await policyMust(t, 'secure', accepted);
    await t.callMust({ host: hostOf('secure') }, overTls(otherName));
  },
);
