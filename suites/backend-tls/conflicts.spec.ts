import { scenario } from '../../harness/index.ts';
import { applyInOneSecond, laterSecond } from '../api-clock.ts';
import {
  accepted,
  applyCa,
  applyRoute,
  applyService,
  backendName,
  hostOf,
  otherName,
  overTls,
  policy,
  policyMust,
} from './policies.ts';
import type { Policy } from './policies.ts';

const conflicted = { type: 'Accepted', status: 'False', reason: 'Conflicted' } as const;
const first = { validation: { hostname: backendName } };
const second = { validation: { hostname: otherName } };

scenario(
  {
    id: 'backend-tls/conflicts',
    title:
      'Of policies for one target the oldest is in force, then the first by name, also after an edit of what they target; the others say that they lost',
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: ['btls-conflict-oldest', 'btls-conflict-alphabetical', 'btls-conflict-loser-status'],
    backends: ['v1'],
    manifests: ['conflicts.same-age.yaml'],
    takesMs: 2_000,
  },
  async (t) => {
    await applyCa(t);
    for (const name of ['by-age', 'by-age-port', 'by-name']) {
      await applyService(t, name);
      await applyRoute(t, name);
    }
    // The older ones come last by name.
    await t.applyObjects(policy('z-older', { service: 'by-age', ...first }));
    await t.applyObjects(policy('z-older-port', { service: 'by-age-port', sectionName: 'tls', ...first }));
    await laterSecond(t);
    await t.applyObjects(policy('a-younger', { service: 'by-age', ...second }));
    await t.applyObjects(policy('a-younger-port', { service: 'by-age-port', sectionName: 'tls', ...second }));
    // In the file the one that comes first by name is last.
    await applyInOneSecond(
      t,
      ['b-same-age', 'a-same-age'].map((name) => ({ kind: 'BackendTLSPolicy', name })),
    );

    const outcomes = [
      { route: 'by-age', winner: 'z-older', loser: 'a-younger', name: backendName },
      { route: 'by-age-port', winner: 'z-older-port', loser: 'a-younger-port', name: backendName },
      { route: 'by-name', winner: 'a-same-age', loser: 'b-same-age', name: otherName },
    ];
    for (const { route, winner, loser, name } of outcomes) {
      await policyMust(t, winner, accepted);
      await policyMust(t, loser, conflicted);
      await t.callMust({ host: hostOf(route) }, overTls(name));
    }
    await t.barrier();
    for (const { route, name } of outcomes) await t.callMustAlways({ host: hostOf(route) }, overTls(name), 5);

    await t.remove({ kind: 'BackendTLSPolicy', name: 'z-older' });
    await policyMust(t, 'a-younger', accepted);
    await t.callMust({ host: hostOf('by-age') }, overTls(otherName));
    // Made again it is the younger one.
    await t.applyObjects(policy('z-older', { service: 'by-age', ...first }));
    await policyMust(t, 'z-older', conflicted);
    await policyMust(t, 'a-younger', accepted);
    await t.barrier();
    await t.callMustAlways({ host: hostOf('by-age') }, overTls(otherName), 5);

    // What a policy targets later it targets with its age, and what it leaves is free.
    const target = (name: string, service: string) =>
      t.update<Policy>({ kind: 'BackendTLSPolicy', name }, ({ spec }) => {
        spec.targetRefs = [{ group: '', kind: 'Service', name: service, sectionName: 'tls' }];
      });
    await target('z-older-port', 'by-age');
    await policyMust(t, 'a-younger-port', accepted);
    await t.callMust({ host: hostOf('by-age-port') }, overTls(otherName));
    await target('z-older-port', 'by-age-port');
    await policyMust(t, 'z-older-port', accepted);
    await policyMust(t, 'a-younger-port', conflicted);
    await t.callMust({ host: hostOf('by-age-port') }, overTls(backendName));
  },
);
