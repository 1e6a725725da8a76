import { scenario } from '../../harness/index.ts';
import type { KubernetesObject, Scenario } from '../../harness/index.ts';
import { pointTo } from '../endpoint-slices.ts';
import { probeTwo } from '../methods.ts';
import {
  call,
  mustSpread,
  mustStay,
  plainCall,
  sessionsServed,
  startSession,
  tokenNamedAs,
} from './tokens.ts';

interface WithSessions extends KubernetesObject {
  spec: { hostnames: string[]; rules: { matches?: object[]; sessionPersistence?: object }[] };
}

const ref = { kind: 'GRPCRoute', name: 'kept' };
const stream = { ...call, method: 'routeproof.v1.Probe/ServerStream' };
const lately = { ...call, host: 'kept-later.example.com' };
const elsewhere = { ...call, host: 'kept-too.example.com' };

scenario(
  {
    id: 'session/changes',
    title:
      'Sessions outlive another endpoint and a rule in front of theirs, begin with streams and hold them too, mean nothing to another route, and come and go as their rule is edited',
    support: 'extended',
    channel: 'experimental',
    clauses: [
      'session-outlives-neighbours',
      'session-header-set-and-honoured',
      'session-scoped-to-rule',
      'session-other-rules-unaffected',
      'session-unsupported-visible',
      'grpcroute-update-takes-effect',
    ],
    backends: ['v1', 'v2', 'v3', 'v4'],
    manifests: ['changes.yaml', 'changes-v1.7.0.yaml', 'pool.yaml'],
  },
  async (t) => {
    if (!(await sessionsServed(t, 'changes.yaml', 'session-unsupported-visible'))) return;
    const session = await startSession(t);
    await mustStay(t, session);
    await mustStay(t, session, stream);
    await mustStay(t, await startSession(t, stream), stream);

    await t.callMust(elsewhere, {});
    const other = await startSession(t, elsewhere);
    await mustStay(t, other, elsewhere);
    await mustSpread(t, session.token, elsewhere);
    await mustSpread(t, tokenNamedAs(other, session), elsewhere);

    const { spec } = await t.get<WithSessions>(ref);
    await become(t, undefined);
    await mustSpread(t, session.token);
    await become(t, spec.rules[0]?.sessionPersistence);
    const last = await startSession(t);
    await mustStay(t, last);

    await pointTo(t, 'pool', 'v1', 'v2', 'v3', 'v4');
    await t.askUntil({
      what: 'the endpoint that came last answers a call without a session',
      ask: () => t.call(plainCall),
      isSo: ({ backend }) => backend === 'v4',
      seen: ({ statusName, backend = 'no backend' }) => `${statusName} from ${backend}`,
      layer: 'backend',
    });
    await mustStay(t, last);

    await t.update<WithSessions>(ref, ({ spec: { rules } }) => {
      const [service = '', method = ''] = probeTwo.split('/');
      const [{ sessionPersistence: _sessionPersistence, ...rule } = {}] = rules;
      rules.unshift({ ...rule, matches: [{ method: { service, method } }] });
    });
    await t.routeMustBeAccepted(ref.name);
    await t.barrier();
    await t.implied(['session-outlives-neighbours'], () => mustStay(t, last));

    // One that has been served without sessions gets them.
    const [rule] = spec.rules;
    const { sessionPersistence, ...without } = rule ?? {};
    const later: object = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GRPCRoute',
      metadata: { name: 'kept-later' },
      spec: { ...spec, hostnames: [lately.host], rules: [without] },
    };
    await t.applyObjects(later);
    await t.callMust(lately, {});
    await become(t, sessionPersistence, { ...ref, name: 'kept-later' });
    await mustStay(t, await startSession(t, lately), lately);
  },
);

/** The rule gets or loses its session persistence, and no other configuration is served any more. */
async function become(t: Scenario, sessionPersistence: object | undefined, route = ref): Promise<void> {
  await t.update<WithSessions>(route, ({ spec }) => {
    const [rule] = spec.rules;
    if (rule === undefined) return;
    if (sessionPersistence === undefined) delete rule.sessionPersistence;
    else rule.sessionPersistence = sessionPersistence;
  });
  await t.routeMustBeAccepted(route.name);
  await t.barrier();
}
