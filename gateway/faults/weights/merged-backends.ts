import type { IrBackend } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onForwards } from '../hooks/ir.ts';
import { mapSame } from '../hooks/memo.ts';

interface ClusterPlace {
  namespace: string;
  service: string;
  port: string;
}

function placeOf({ cluster = '' }: IrBackend): ClusterPlace {
  const [namespace = '', service = '', port = ''] = cluster.split('/');
  return { namespace, service, port };
}

/** Sends the share of a backend to an earlier one of its rule that is taken for the same. */
function takenForSame(isSame: (one: ClusterPlace, other: ClusterPlace) => boolean): FaultHooks {
  return {
    ir: onForwards((action) => {
      const backends = mapSame(action.backends, (backend, index) => {
        const earlier = action.backends
          .slice(0, index)
          .find((each) => isSame(placeOf(each), placeOf(backend)))?.cluster;
        return earlier === undefined || backend.cluster === undefined
          ? backend
          : { ...backend, cluster: earlier };
      });
      return backends === action.backends ? action : { ...action, backends };
    }),
  };
}

/** Backends that are told apart by less than what they are. */
export const sameBackends: readonly Fault[] = [
  {
    name: 'same-name-abroad-taken-for-own',
    title: 'Of two Services of one name in two namespaces a rule calls the first only.',
    clauses: ['weight-proportional', 'refgrant-addition-enables'],
    layers: ['routed', 'backend'],
    reference: 'Kong/kubernetes-ingress-controller#3860',
    hooks: () =>
      takenForSame(
        (one, other) =>
          one.service === other.service && one.port === other.port && one.namespace !== other.namespace,
      ),
  },
  {
    name: 'two-ports-of-service-merged',
    title: 'Of two ports of one Service a rule calls the first only.',
    clauses: ['weight-proportional', 'backend-port-is-service-port'],
    layers: ['routed', 'backend'],
    hooks: () =>
      takenForSame(
        (one, other) =>
          one.service === other.service && one.namespace === other.namespace && one.port !== other.port,
      ),
  },
];
