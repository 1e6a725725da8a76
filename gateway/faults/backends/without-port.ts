import type { GrpcRoute, RouteFilter } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { onObjects } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['status', 'routed', 'backend', 'programmed'];

type Rule = NonNullable<GrpcRoute['spec']['rules']>[number];

const refersWithoutPort = ({ backendRefs }: Rule): boolean =>
  backendRefs?.some(({ port }) => port === undefined) === true;

const mirrorsWithoutPort = ({ filters = [] }: Rule): boolean =>
  filters.some(
    ({ requestMirror }: RouteFilter) =>
      requestMirror !== undefined && requestMirror.backendRef.port === undefined,
  );

/** The translator fails where a rule of a GRPCRoute is so. */
const failsWhere = (isMeant: (rule: Rule) => boolean): Fault['hooks'] => {
  return () => ({
    input: (input) => {
      for (const { spec } of input.objects.grpcRoutes)
        if (spec.rules?.some(isMeant) === true) throw new Error('cannot read properties of undefined');
      return input;
    },
  });
};

/** References without a port, which only those to Services have to have. */
export const withoutPort: readonly Fault[] = [
  {
    name: 'reference-without-port-stops-the-controller',
    title: 'A backendRef without a port makes the translator fail, and no change is served any more.',
    clauses: ['backend-invalid-kind-status', 'backend-invalid-other-rules-ok'],
    layers,
    reference: 'cilium/cilium#27956',
    hooks: failsWhere(refersWithoutPort),
  },
  {
    name: 'reference-without-port-unjudged',
    title:
      'A route with a backendRef without a port is passed over: it gets no status, and none of its rules is served.',
    clauses: ['backend-invalid-kind-status', 'backend-invalid-other-rules-ok'],
    layers,
    reference: 'cilium/cilium#28716',
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) =>
        route.spec.rules?.some(refersWithoutPort) === true ? undefined : route,
      ),
    }),
  },
  {
    name: 'mirror-without-port-stops-the-controller',
    title: 'A mirror without a port makes the translator fail, and no change is served any more.',
    clauses: ['filter-mirror-backend-missing-status', 'filter-mirror-backend-missing-primary-ok'],
    layers,
    reference: 'cilium/cilium#27956',
    hooks: failsWhere(mirrorsWithoutPort),
  },
];
