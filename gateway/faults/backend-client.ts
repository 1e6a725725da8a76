import type { IrGateway } from '../ir/ir.ts';
import type { Condition } from '../translate/gateway-api.ts';
import type { Fault, FaultHooks } from './fault.ts';
import { remembered } from './hooks/memo.ts';
import { onConditions, onGatewayStatuses } from './hooks/statuses.ts';

const isBroken = ({ type, status }: Condition): boolean => type === 'ResolvedRefs' && status === 'False';

/** Edits what Gateways say of broken references of their own. */
function onBroken(edit: (condition: Condition) => Condition): FaultHooks {
  return {
    statuses: onConditions((condition, { level }) =>
      level === 'gateway' && isBroken(condition) ? edit(condition) : condition,
    ),
  };
}

/** What Gateways show to backends. */
export const backendClient: readonly Fault[] = [
  {
    name: 'backend-client-cert-not-shown',
    title: 'Backends are never shown the client certificate of the Gateway.',
    clauses: ['tls-backend-client-cert-presented'],
    layers: ['backend'],
    hooks: () => ({
      ir: remembered(({ backendClientCertificate: _shown, ...ir }: IrGateway): IrGateway => ir),
    }),
  },
  {
    name: 'backend-client-cert-broken-unreported',
    title: 'A Gateway whose client certificate does not resolve says that all references do.',
    clauses: ['tls-backend-client-cert-invalid', 'tls-backend-client-cert-no-grant'],
    layers: ['status'],
    hooks: () => onBroken((condition) => ({ ...condition, status: 'True', reason: 'ResolvedRefs' })),
  },
  {
    name: 'backend-client-cert-reason-of-listeners',
    title: 'A broken client certificate of a Gateway is reported with the reason for those of listeners.',
    clauses: ['tls-backend-client-cert-invalid'],
    layers: ['status'],
    hooks: () =>
      onBroken((condition) => ({
        ...condition,
        reason: condition.reason.replace('InvalidClientCertificateRef', 'InvalidCertificateRef'),
      })),
  },
  {
    name: 'backend-client-cert-needs-no-grant',
    title: 'The client certificate of a Gateway may be in another namespace without a ReferenceGrant.',
    clauses: ['tls-backend-client-cert-no-grant'],
    layers: ['status', 'backend'],
    hooks: () => ({
      input: (input) => {
        const namespaces = input.objects.namespaces.map(({ metadata }) => metadata.name);
        const group = 'gateway.networking.k8s.io';
        const from = namespaces.map((namespace) => ({ group, kind: 'Gateway', namespace }));
        const added = namespaces.map((namespace) => ({
          metadata: { name: 'secrets', namespace },
          spec: { from, to: [{ group: '', kind: 'Secret' }] },
        }));
        const referenceGrants = [...input.objects.referenceGrants, ...added];
        return { ...input, objects: { ...input.objects, referenceGrants } };
      },
    }),
  },
  {
    name: 'backend-client-cert-broken-refuses-gateway',
    title: 'A Gateway whose client certificate does not resolve is not accepted.',
    clauses: ['tls-backend-client-cert-accepted-stays'],
    layers: ['status'],
    hooks: () => ({
      statuses: onGatewayStatuses((status) => {
        const broken = status.conditions?.find(isBroken);
        if (broken === undefined) return status;
        const conditions = status.conditions?.map((condition) =>
          condition.type === 'Accepted'
            ? { ...condition, status: 'False', reason: broken.reason }
            : condition,
        );
        return { ...status, ...(conditions && { conditions: conditions as Condition[] }) };
      }),
    }),
  },
];
