import type { BackendTlsPolicy } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { mapSame } from '../hooks/memo.ts';
import { onObjects } from '../hooks/objects.ts';

type TargetRef = BackendTlsPolicy['spec']['targetRefs'][number];

function onTargets(edit: (ref: TargetRef) => TargetRef): NonNullable<FaultHooks['input']> {
  return onObjects('backendTlsPolicies', (policy) => {
    const targetRefs = mapSame(policy.spec.targetRefs, edit);
    return targetRefs === policy.spec.targetRefs
      ? policy
      : { ...policy, spec: { ...policy.spec, targetRefs } };
  });
}

/** Policies that are read with too little of what they name. */
export const nearTargets: readonly Fault[] = [
  {
    name: 'backend-tls-target-group-ignored',
    title: 'A policy for a Service of another group is in force on the Service of that name.',
    clauses: ['btls-target-kind'],
    layers: ['backend', 'status'],
    hooks: () => ({
      input: onTargets((ref) => (ref.kind === 'Service' && ref.group !== '' ? { ...ref, group: '' } : ref)),
    }),
  },
  {
    name: 'backend-tls-target-kind-ignored',
    title: 'A policy for something of the core group is in force on the Service of that name.',
    clauses: ['btls-target-kind'],
    layers: ['backend', 'status'],
    hooks: () => ({
      input: onTargets((ref) =>
        ref.group === '' && ref.kind !== 'Service' ? { ...ref, kind: 'Service' } : ref,
      ),
    }),
  },
  {
    name: 'backend-ca-group-ignored',
    title: 'A CA reference of another group is taken for the ConfigMap of that name.',
    clauses: ['btls-ca-invalid-kind'],
    layers: ['status', 'backend', 'routed'],
    hooks: () => ({
      input: onObjects('backendTlsPolicies', (policy) => {
        const { validation } = policy.spec;
        const refs = validation.caCertificateRefs ?? [];
        const caCertificateRefs = mapSame(refs, (ref) =>
          ref.kind === 'ConfigMap' && ref.group !== '' ? { ...ref, group: '' } : ref,
        );
        return caCertificateRefs === refs
          ? policy
          : { ...policy, spec: { ...policy.spec, validation: { ...validation, caCertificateRefs } } };
      }),
    }),
  },
];
