import { keyOf } from '../../../common/object-key.ts';
import type { Objects } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';

type Kind = 'grpcRoutes' | 'gateways' | 'services';

/** What is deleted takes those of its namespace along whose names begin with its own, until it is there again. */
function deletionByPrefix(kind: Kind): FaultHooks {
  const known = new Map<string, { isGone: boolean }>();
  return {
    input: (input) => {
      const now = input.objects[kind] as readonly Objects[Kind][number][];
      const names = new Set(now.map(keyOf));
      for (const key of names) if (!key.includes('/rp-marker')) known.set(key, { isGone: false });
      for (const [key, state] of known) if (!names.has(key)) state.isGone = true;
      const gone = [...known].flatMap(([key, { isGone }]) => (isGone ? key : []));
      const left = now.filter((object) => !gone.some((key) => keyOf(object).startsWith(`${key}-`)));
      return left.length === now.length ? input : { ...input, objects: { ...input.objects, [kind]: left } };
    },
  };
}

/** Deletions that go by the beginning of a name. */
export const deletionsByPrefix: readonly Fault[] = [
  {
    name: 'deletion-takes-longer-names',
    title: 'The deletion of a route takes the routes of its namespace down whose names begin with its name.',
    clauses: ['grpcroute-delete-stops-traffic', 'grpcroute-multiple-routes-share-listener'],
    layers: ['routed', 'backend', 'status'],
    reference: 'apache/apisix-ingress-controller#2472',
    hooks: () => deletionByPrefix('grpcRoutes'),
  },
  {
    name: 'gateway-deletion-takes-longer-names',
    title:
      'The deletion of a Gateway takes the Gateways of its namespace down whose names begin with its name.',
    clauses: ['parentref-multiple-gateways-independent', 'status-gateway-deleted-cleaned'],
    layers: ['routed', 'status', 'programmed', 'connect'],
    hooks: () => deletionByPrefix('gateways'),
  },
  {
    name: 'service-deletion-takes-longer-names',
    title:
      'When a Service is deleted, those of its namespace are taken for missing whose names begin with its name.',
    clauses: ['backend-deleted-later', 'backend-service-forwarding'],
    layers: ['routed', 'backend', 'status'],
    hooks: () => deletionByPrefix('services'),
  },
];
