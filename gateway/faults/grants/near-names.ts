import type { Fault } from '../fault.ts';

const reference: Fault['layers'] = ['status', 'routed', 'backend'];

/** Grants that are read with too little of a name. */
export const nearGrants: readonly Fault[] = [
  {
    name: 'grant-name-is-prefix',
    title: 'A grant for one Service also permits those whose names begin with its name.',
    clauses: ['refgrant-wrong-to-name', 'refgrant-to-name-specific'],
    layers: reference,
    hooks: () => ({
      input: (input) => {
        const { services, referenceGrants } = input.objects;
        const widened = referenceGrants.map((grant) => ({
          ...grant,
          spec: {
            ...grant.spec,
            to: grant.spec.to.flatMap((to) => [
              to,
              ...services
                .map(({ metadata }) => metadata)
                .filter(({ namespace }) => namespace === grant.metadata.namespace)
                .filter(
                  ({ name }) => to.kind === 'Service' && to.name !== undefined && name.startsWith(to.name),
                )
                .map(({ name }) => ({ ...to, name })),
            ]),
          },
        }));
        return { ...input, objects: { ...input.objects, referenceGrants: widened } };
      },
    }),
  },
  {
    name: 'grant-namespace-is-prefix',
    title: 'A grant for routes of one namespace also holds for namespaces whose names begin with its name.',
    clauses: ['refgrant-wrong-from-namespace'],
    layers: reference,
    hooks: () => ({
      input: (input) => {
        const { namespaces, referenceGrants } = input.objects;
        const names = namespaces.map(({ metadata }) => metadata.name);
        const widened = referenceGrants.map((grant) => ({
          ...grant,
          spec: {
            ...grant.spec,
            from: grant.spec.from.flatMap((from) => [
              from,
              ...names
                .filter((name) => from.kind === 'GRPCRoute' && name.startsWith(`${from.namespace}-`))
                .map((namespace) => ({ ...from, namespace })),
            ]),
          },
        }));
        return { ...input, objects: { ...input.objects, referenceGrants: widened } };
      },
    }),
  },
];
