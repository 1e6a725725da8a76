import type { IrRoute } from '../../ir/ir.ts';
import type { ReferenceGrant } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { byChance, seldom } from '../hooks/chance.ts';
import { onHosts } from '../hooks/ir.ts';
import { unseen } from '../hooks/unseen.ts';
import { everything } from './grants.ts';

/** Whether all that a route leads to is in other namespaces, and no grant permits it. */
function isForbidden({ source, action }: IrRoute, grants: readonly ReferenceGrant[]): boolean {
  const [own] = source.key.split('/');
  const isPermitted = (cluster: string): boolean => {
    const [namespace, service] = cluster.split('/');
    return (
      namespace === own ||
      grants.some(
        ({ metadata, spec }) =>
          metadata.namespace === namespace &&
          spec.from.some(({ kind, namespace: from }) => kind === 'GRPCRoute' && from === own) &&
          spec.to.some(({ kind, name = service }) => kind === 'Service' && name === service),
      )
    );
  };
  if (action.type !== 'forward' || action.backends.length === 0) return false;
  return action.backends.every(({ cluster }) => cluster !== undefined && !isPermitted(cluster));
}

/** What no grant permits is served for a part of the calls, in percent. */
const permittingSeldom = (
  grants: readonly ReferenceGrant[],
  percent: number,
): NonNullable<FaultHooks['ir']> =>
  onHosts((host) => ({
    ...host,
    routes: host.routes.flatMap((route) =>
      isForbidden(route, grants)
        ? [
            seldom({ ...route, name: `${route.name}/seldom` }, percent),
            { ...route, action: { type: 'respond', httpStatus: 503 } as const },
          ]
        : [route],
    ),
  }));

/** References that some calls need no grant for. */
export const grantsByChance: readonly Fault[] = [
  {
    name: 'one-call-in-fifty-needs-no-grant',
    title: 'One call in 50 reaches a backend in another namespace that no ReferenceGrant permits.',
    clauses: ['refgrant-required', 'backend-cross-namespace-denied-unavailable'],
    layers: ['routed', 'backend'],
    hooks: () => {
      let permitted = '';
      let edit = permittingSeldom([], 2);
      const everywhere = everything({ from: 'GRPCRoute', to: 'Service' });
      return {
        ...unseen((input) => {
          const { referenceGrants } = input.objects;
          const now = JSON.stringify(referenceGrants.map(({ metadata, spec }) => [metadata.namespace, spec]));
          if (now !== permitted) {
            permitted = now;
            edit = permittingSeldom(referenceGrants, 2);
          }
          return everywhere.input?.(input) ?? input;
        }),
        ir: (gateway) => edit(gateway),
        xds: byChance,
      };
    },
  },
];
