import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { IrRoute } from '../../ir/ir.ts';
import type { ReferenceGrant } from '../../translate/model/gateway-api.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes } from '../hooks/ir.ts';
import { permittedBut } from '../hooks/near-grants.ts';
import type { Reference } from '../hooks/near-grants.ts';
import { astray, onRules } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['status', 'routed', 'backend'];

/** Grants for mirrors go on when they are deleted; those for backends end. */
function lastingMirrorGrants(): FaultHooks {
  const known = new Map<string, ReferenceGrant>();
  return {
    input: (input) => {
      const mirrored = new Set(
        input.objects.grpcRoutes.flatMap(({ metadata, spec }) =>
          (spec.rules ?? []).flatMap(({ filters = [] }) =>
            filters.flatMap(({ requestMirror }) => {
              const { namespace = metadata.namespace, name } = requestMirror?.backendRef ?? {};
              return name === undefined ? [] : objectKey(namespace, name);
            }),
          ),
        ),
      );
      const now = new Set(input.objects.referenceGrants.map(keyOf));
      for (const grant of input.objects.referenceGrants) known.set(keyOf(grant), grant);
      const kept = [...known].flatMap(([key, grant]): ReferenceGrant[] => {
        const to = grant.spec.to.filter(
          ({ name }) => name !== undefined && mirrored.has(objectKey(grant.metadata.namespace, name)),
        );
        return now.has(key) || to.length === 0 ? [] : [{ ...grant, spec: { ...grant.spec, to } }];
      });
      const referenceGrants = [...input.objects.referenceGrants, ...kept];
      return { ...input, objects: { ...input.objects, referenceGrants } };
    },
  };
}

/** Mirrors that lose what they need. */
export const lostMirrors: readonly Fault[] = [
  {
    name: 'mirror-grant-outlives',
    title: 'A mirror in another namespace goes on getting copies when its ReferenceGrant is deleted.',
    clauses: ['filter-mirror-refnotpermitted', 'refgrant-removal-revokes'],
    layers,
    hooks: lastingMirrorGrants,
  },
  {
    name: 'deleted-mirror-fails-calls',
    title: 'When the Service of a mirror is deleted the calls of its rule fail.',
    clauses: ['filter-mirror-backend-missing-primary-ok'],
    layers,
    hooks: () => {
      const mirrored = new Set<string>();
      return {
        ir: onGrpcRoutes((route): IrRoute => {
          const id = `${route.name} ${route.generation}`;
          if (route.mirrors.length > 0) mirrored.add(id);
          return mirrored.has(id) && route.mirrors.length === 0
            ? { ...route, action: { type: 'respond', httpStatus: 500 } }
            : route;
        }),
      };
    },
  },
];

function mirrorsAbroad({ objects }: TranslateInput): Reference[] {
  return objects.grpcRoutes.flatMap(({ metadata: { namespace: own = '' }, spec }) =>
    (spec.rules ?? [])
      .flatMap(({ filters = [] }) => filters.flatMap(({ requestMirror }) => requestMirror?.backendRef ?? []))
      .flatMap(({ namespace = own, name }): Reference[] =>
        namespace === own
          ? []
          : [{ from: { kind: 'GRPCRoute', namespace: own }, to: { kind: 'Service', namespace, name } }],
      ),
  );
}

const mirrors = {
  clauses: ['filter-mirror-refnotpermitted'],
  layers: ['status', 'routed', 'backend'] satisfies Fault['layers'],
};

/** Mirrors into other namespaces, permitted by what is no grant for them. */
export const mirrorGrants: readonly Fault[] = [
  {
    ...mirrors,
    name: 'mirror-grant-from-kind-ignored',
    title: 'A grant for routes of another kind permits mirrors of GRPCRoutes the same.',
    hooks: () => permittedBut('the kind that refers', mirrorsAbroad),
  },
  {
    ...mirrors,
    name: 'mirror-grant-from-namespace-ignored',
    title: 'A grant for the routes of one namespace permits the mirrors of every other the same.',
    hooks: () => permittedBut('the namespace that refers', mirrorsAbroad),
  },
  {
    ...mirrors,
    name: 'mirror-grant-to-name-ignored',
    title: 'A grant to one Service permits mirrors to all of its namespace.',
    hooks: () => permittedBut('the name', mirrorsAbroad),
  },
];

const clauses = ['refgrant-same-namespace-not-needed'];

/** Mirrors that write their own namespace out. */
export const ownMirrors: readonly Fault[] = [
  {
    name: 'mirror-in-own-namespace-needs-grant',
    title: "A mirror that writes its route's own namespace out needs a grant.",
    clauses,
    layers: ['status', 'routed', 'backend'],
    hooks: () => ({
      input: onRules((rule, _index, { metadata }) => ({
        ...rule,
        ...(rule.filters && {
          filters: rule.filters.map(({ requestMirror, ...filter }) => ({
            ...filter,
            ...(requestMirror && {
              requestMirror: {
                ...requestMirror,
                backendRef: astray(requestMirror.backendRef, metadata.namespace),
              },
            }),
          })),
        }),
      })),
    }),
  },
];
