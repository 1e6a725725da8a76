import { expect, scenario, type Scenario } from '../../harness/index.ts';
import { laterSecond } from '../api-clock.ts';
import { audited, othersRef, othersVerdict } from '../others-status.ts';
import { conditionOf } from '../shapes.ts';
import type { Gateway, ParentRef, Route } from '../shapes.ts';
import { patchStatus } from '../status-patch.ts';
import { backdate, timesMustHaveMoved, timesMustHaveStayed } from '../transition-times.ts';
import {
  accepted,
  ancestorOf,
  applyCa,
  applyRoute,
  applyService,
  caRef,
  hostOf,
  inPlaintext,
  overTls,
  plainPort,
  policy,
  policyMust,
  resolved,
} from './policies.ts';
import type { Policy, PolicyAncestor } from './policies.ts';

const ref = { kind: 'BackendTLSPolicy', name: 'secure' };
const shared = { name: 'shared', namespace: 'routeproof-base' };
const own = { name: 'own', namespace: '' };

const foreign: PolicyAncestor = { ancestorRef: othersRef({ name: 'elsewhere' }), ...othersVerdict };

/** Theirs for a Gateway that has an entry of ours. */
const sameGateway = (t: Scenario): PolicyAncestor => ({
  ...foreign,
  ancestorRef: othersRef({ name: 'shared', namespace: t.namespace('routeproof-base') }),
});

scenario(
  {
    id: 'backend-tls/ancestors',
    title:
      'The status of a policy has an entry for each Gateway that uses it, up to date, beside those of other controllers',
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: [
      'btls-ancestor-status',
      'btls-ancestor-foreign-kept',
      'btls-ancestor-in-effect-only',
      'btls-observedgeneration-current',
      'status-foreign-conditions-kept',
      'status-lasttransitiontime-set',
      'status-lasttransitiontime-stable',
      'status-lasttransitiontime-on-flip',
      'status-steady-state-quiet',
    ],
    backends: ['v1'],
    manifests: ['ancestors.yaml'],
  },
  async (t) => {
    await t.apply('ancestors.yaml');
    await applyCa(t);
    await applyService(t, 'secure');
    await t.applyObjects(policy('secure'));
    const others = [foreign, sameGateway(t)];
    await patchStatus(t, { kind: 'BackendTLSPolicy', name: 'secure' }, [
      { op: 'add', path: '/status', value: { ancestors: others } },
    ]);
    await applyRoute(t, 'secure', { parents: [shared, { name: 'own' }] });
    for (const gateway of [shared, own]) {
      await policyMust(t, 'secure', accepted, gateway);
      await policyMust(t, 'secure', resolved, gateway);
    }
    await t.callMust({ host: hostOf('secure'), gateway: 'routeproof-base/shared' }, overTls());
    await t.callMust({ host: hostOf('secure'), gateway: 'own' }, overTls());

    const ages = await backdate(t, ref);
    const isOurs = ({ controllerName }: PolicyAncestor): boolean => controllerName === t.controllerName;
    const place = ((await t.get<Policy>(ref)).status?.ancestors ?? []).findIndex(isOurs);
    await patchStatus(t, { kind: 'BackendTLSPolicy', name: 'secure' }, [
      { op: 'test', path: `/status/ancestors/${String(place)}/controllerName`, value: t.controllerName },
      { op: 'add', path: `/status/ancestors/${String(place)}/conditions/-`, value: audited },
    ]);
    await t.update<Policy>(ref, ({ spec }) => {
      spec.validation['subjectAltNames'] = [{ type: 'Hostname', hostname: spec.validation.hostname }];
    });
    for (const gateway of [shared, own]) {
      await policyMust(t, 'secure', accepted, gateway);
      await policyMust(t, 'secure', resolved, gateway);
    }
    await t.check(
      'one entry of ours for each Gateway, and what others wrote unchanged',
      async () => {
        const { status } = await t.get<Policy>(ref);
        const entries = status?.ancestors ?? [];
        const ours = entries.filter(isOurs);
        expect(ours.flatMap(({ conditions }) => conditionOf(conditions, audited.type) ?? [])).to.deep.equal([
          audited,
        ]);
        expect(ours.map(({ ancestorRef }) => ancestorRef.name)).to.have.members(['shared', 'own']);
        for (const { conditions } of ours)
          for (const { type, lastTransitionTime } of conditions)
            expect(Date.parse(lastTransitionTime), type).to.be.greaterThan(
              Date.parse('2020-01-01T00:00:00Z'),
            );
        expect(entries.filter((entry) => !ours.includes(entry))).to.have.deep.members(others);
      },
      'status',
    );
    await t.check(
      'no verdict changed, and no time',
      async () => {
        const places = ['shared', 'own'].flatMap((name) => [`${name} Accepted`, `${name} ResolvedRefs`]);
        timesMustHaveStayed(t, await t.get<Policy>(ref), ages, places);
      },
      'status',
    );

    await t.barrier();
    const settled = await t.get<Policy>(ref);
    await laterSecond(t);
    await applyService(t, 'plain', 'v1', { grpc: plainPort });
    for (const service of ['secure', 'plain', 'secure', 'plain']) {
      await applyRoute(t, 'busy', { service });
      const busy = { host: hostOf('busy'), gateway: 'routeproof-base/shared' };
      await t.callMust(busy, service === 'secure' ? overTls() : inPlaintext());
    }
    await t.routeMustBeAccepted('busy');
    // Statuses may be written some time after what is served: in the next second at the latest, where nothing happens meanwhile.
    await laterSecond(t);
    await laterSecond(t);
    await policyMust(t, 'secure', accepted, shared);
    const quiet = await t.get<Policy>(ref);
    await t.implied(['status-steady-state-quiet'], () =>
      t.check(
        'the policy that did not change was not written while another route did',
        () => expect(quiet.metadata?.resourceVersion).to.equal(settled.metadata?.resourceVersion),
        'status',
      ),
    );

    const setParents = (parents: ParentRef[]) =>
      t.update<Route>({ kind: 'GRPCRoute', name: 'secure' }, ({ spec }) => {
        spec.parentRefs = parents;
      });
    const { spec: written } = await t.get<Route>({ kind: 'GRPCRoute', name: 'secure' });
    const { parentRefs: both = [] } = written;
    await setParents(both.filter(({ name }) => name === 'shared'));
    await t.until(
      ref,
      'no entry for a Gateway that does not use it any more',
      (object) => ancestorOf(t, object, own) === undefined && ancestorOf(t, object, shared) !== undefined,
      'status',
    );
    // One may use it later than the others.
    await setParents(both);
    for (const gateway of [shared, own]) await policyMust(t, 'secure', accepted, gateway);

    // What refuses the only route of the Service has no part in the policy.
    const nobodyUses = (gateway: ParentRef) =>
      t.until(
        ref,
        `no acceptance for Gateway ${gateway.name}, through which no accepted route uses it`,
        (object) =>
          conditionOf(ancestorOf(t, object, gateway)?.conditions, 'Accepted')?.status !== 'True' &&
          ancestorOf(t, object, shared) !== undefined,
        'status',
      );
    const setHostname = (hostname?: string) =>
      t.update<Gateway>({ kind: 'Gateway', name: 'own' }, ({ spec }) => {
        for (const listener of spec.listeners) {
          delete listener.hostname;
          if (hostname !== undefined) listener.hostname = t.host(hostname);
        }
      });
    await setHostname('narrow.example.com');
    await t.implied(['btls-ancestor-in-effect-only'], async () => {
      await nobodyUses(own);
    });
    await setHostname();
    await policyMust(t, 'secure', accepted, own);

    const trust = async (ca: string, status: 'True' | 'False'): Promise<void> => {
      const before = await backdate(t, ref);
      await t.update<Policy>(ref, ({ spec }) => {
        spec.validation['caCertificateRefs'] = [caRef(ca)];
      });
      for (const gateway of [shared, own])
        for (const type of ['Accepted', 'ResolvedRefs'])
          await policyMust(t, 'secure', { type, status }, gateway);
      const now = await t.get<Policy>(ref);
      const flipped = ['shared', 'own'].flatMap((name) => [`${name} Accepted`, `${name} ResolvedRefs`]);
      await t.check(
        `the times of the conditions that turned ${status} have moved`,
        () => timesMustHaveMoved(t, now, before, flipped),
        'status',
      );
    };
    await trust('no-such-ca', 'False');
    await trust('ca', 'True');

    await t.remove({ kind: 'Gateway', name: 'own' });
    await nobodyUses(own);
    await t.remove({ kind: 'GRPCRoute', name: 'secure' });
    await t.until<Policy>(
      ref,
      'no entry but the foreign ones when nobody uses it any more',
      ({ status }) =>
        (status?.ancestors ?? []).every(({ controllerName }) => controllerName !== t.controllerName),
      'status',
    );
  },
);
