import { expect, scenario } from '../../harness/index.ts';
import { conditionOf, entriesOf, type Route } from '../shapes.ts';

const host = 'checkout.example.com';
const ref = { kind: 'GRPCRoute', name: 'checkout' };
/** A route may have as many rules, and a rule as many backends. */
const places = Array.from({ length: 16 }, (_, index) => String(index));
/** A backendRef's name may have 253 characters: told one by one, these are more than the 32,768 that a condition's message may have. */
const nameOf = (rule: string, backend: string): string => `ghost-${rule}-${backend}-${'o'.repeat(200)}`;

scenario(
  {
    id: 'status/many-problems',
    title:
      'A route with more problems than a condition has room for has a status like others, and gets over them',
    support: 'core',
    clauses: [
      'status-accepted-present',
      'status-resolvedrefs-present',
      'backend-not-found-status',
      'status-reason-message-nonempty',
      'backend-invalid-other-rules-ok',
      'grpcroute-update-takes-effect',
    ],
    backends: ['v1'],
    guards: ['envoyproxy/gateway#7146', 'apache/apisix-ingress-controller#2816'],
    manifests: [],
  },
  async (t) => {
    const rules = places.map((rule) => ({
      matches: [{ headers: [{ name: 'x-rule', value: rule }] }],
      backendRefs: places.map((backend) => ({ name: nameOf(rule, backend), port: 9000 })),
    }));
    const [sound, ...broken] = rules;
    const route: Route = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GRPCRoute',
      metadata: { name: 'checkout' },
      spec: {
        parentRefs: [{ name: 'shared', namespace: 'routeproof-base' }],
        hostnames: [host],
        rules: [{ ...sound, backendRefs: [{ name: 'v1', port: 9000 }] }, ...broken],
      },
    };
    await t.applyObjects(route);
    await t.routeMustHaveCondition('checkout', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'BackendNotFound',
    });
    await t.routeMustHaveCondition('checkout', { type: 'Accepted', status: 'True', reason: 'Accepted' });
    const [entry] = entriesOf(await t.get<Route>(ref), t.controllerName);
    await t.check(
      'the message says something of it',
      () => expect(conditionOf(entry?.conditions, 'ResolvedRefs')?.message).not.to.equal(''),
      'status',
    );
    await t.callMust({ host, metadata: { 'x-rule': '0' } }, { backend: 'v1' });

    await t.update<Route>(ref, ({ spec }) => {
      for (const rule of spec.rules ?? []) rule.backendRefs = [{ name: 'v1', port: 9000 }];
    });
    await t.routeMustBeAccepted('checkout');
    await t.callMust({ host, metadata: { 'x-rule': '15' } }, { backend: 'v1' });
  },
);
