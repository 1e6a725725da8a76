import type { ReferenceGrant } from '../../translate/model/gateway-api.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { FaultHooks } from '../fault.ts';

/** A reference into another namespace. */
export interface Reference {
  from: { kind: string; namespace: string };
  to: { kind: string; namespace: string; name: string };
}

const group = 'gateway.networking.k8s.io';

type Part = 'the kind that refers' | 'the namespace that refers' | 'the name';

function nearlyFits({ metadata, spec }: ReferenceGrant, { from, to }: Reference, part: Part): boolean {
  return (
    metadata.namespace === to.namespace &&
    spec.from.some(
      ({ kind, namespace }) =>
        (kind === from.kind || part === 'the kind that refers') &&
        (namespace === from.namespace || part === 'the namespace that refers'),
    ) &&
    spec.to.some(({ kind, name = to.name }) => kind === to.kind && (name === to.name || part === 'the name'))
  );
}

/** References are permitted by grants that fit them but for one part. */
export function permittedBut(part: Part, referencesOf: (input: TranslateInput) => Reference[]): FaultHooks {
  return {
    input: (input) => {
      const added = referencesOf(input)
        .filter((reference) =>
          input.objects.referenceGrants.some((grant) => nearlyFits(grant, reference, part)),
        )
        .map(({ from, to }): ReferenceGrant => ({
          metadata: { name: `near-${to.name}`, namespace: to.namespace },
          spec: { from: [{ group, ...from }], to: [{ group: '', kind: to.kind, name: to.name }] },
        }));
      if (added.length === 0) return input;
      const referenceGrants = [...input.objects.referenceGrants, ...added];
      return { ...input, objects: { ...input.objects, referenceGrants } };
    },
  };
}
