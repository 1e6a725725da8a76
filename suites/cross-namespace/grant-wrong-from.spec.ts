import { scenario } from '../../harness/index.ts';
import { unserved } from '../expected.ts';
import type { ReferenceGrant } from '../shapes.ts';

const call = { host: 'checkout.example.com' };
const fromTeamB = { host: 'team-b.example.com' };
const refused = { type: 'ResolvedRefs', status: 'False', reason: 'RefNotPermitted' } as const;

scenario(
  {
    id: 'cross-namespace/grant-wrong-from',
    title:
      'Grants for another kind, namespace or group, or in the wrong namespace, permit a GRPCRoute nothing',
    support: 'core',
    features: ['ReferenceGrant'],
    clauses: [
      'refgrant-wrong-from-kind',
      'refgrant-wrong-from-namespace',
      'refgrant-wrong-from-group',
      'refgrant-wrong-location',
      'refgrant-edit-recomputed',
      'refgrant-from-entries-ored',
    ],
    guards: ['nginx/nginx-gateway-fabric#2333'],
    backends: ['store/stock'],
  },
  async (t) => {
    await t.apply();
    await t.barrier();
    await t.routeMustHaveCondition('checkout', refused);
    await t.callMust(call, unserved);
    await t.callMustAlways(call, unserved);
    await t.routeMustHaveCondition('checkout', refused, { namespace: 'team-b' });
    await t.callMust(fromTeamB, unserved);
    await t.callMustAlways(fromTeamB, unserved);

    const grant = { kind: 'ReferenceGrant', name: 'httproutes-only', namespace: 'store' };
    await t.update<ReferenceGrant>(grant, ({ spec }) => {
      spec.from = [
        ...spec.from,
        { group: 'gateway.networking.k8s.io', kind: 'GRPCRoute', namespace: t.namespace() },
      ];
    });
    await t.routeMustBeAccepted('checkout');
    await t.callMust(call, { backend: 'store/stock' });

    await t.update<ReferenceGrant>(grant, ({ spec }) => {
      spec.from = spec.from.filter((from) => from.kind === 'HTTPRoute');
    });
    await t.routeMustHaveCondition('checkout', refused);
    await t.callMust(call, unserved);
  },
);
