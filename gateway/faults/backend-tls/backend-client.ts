import type { IrGateway } from '../../ir/ir.ts';
import type { Condition } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { remembered } from '../hooks/memo.ts';
import { onConditions, onGatewayStatuses } from '../hooks/statuses.ts';
import { listOf, onBackendTls } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

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
    name: 'backend-client-cert-shown-to-first-only',
    title: 'Only the first backend of a Gateway that asks for a client certificate is shown it.',
    clauses: ['tls-backend-client-cert-presented'],
    layers: ['backend'],
    hooks: () => {
      /** By name of the certificate. */
      const firstOf = new Map<string, string>();
      return {
        xds: onBackendTls((context, cluster) => {
          const common = context['common_tls_context'] as Message;
          const [shown] = listOf(common['tls_certificate_sds_secret_configs']);
          if (shown === undefined) return;
          const [certificate, name] = [String(shown['name']), String(cluster['name'])];
          const first = firstOf.get(certificate) ?? name;
          firstOf.set(certificate, first);
          if (name !== first) delete common['tls_certificate_sds_secret_configs'];
        }),
      };
    },
  },
  {
    name: 'backend-client-cert-kept',
    title: 'Backends are shown the first client certificate that a Gateway had, whatever it names later.',
    clauses: ['tls-backend-client-cert-presented'],
    layers: ['backend'],
    hooks: () => {
      const firstOf = new Map<string, IrGateway['backendClientCertificate']>();
      return {
        ir: remembered((ir: IrGateway): IrGateway => {
          const kept = firstOf.get(ir.key) ?? ir.backendClientCertificate;
          firstOf.set(ir.key, kept);
          return kept === undefined ? ir : { ...ir, backendClientCertificate: kept };
        }),
      };
    },
  },
  {
    name: 'backend-client-cert-broken-unreported',
    title: 'A Gateway whose client certificate does not resolve says that all references do.',
    clauses: ['tls-backend-client-cert-invalid', 'tls-backend-client-cert-no-grant'],
    layers: ['status'],
    hooks: () => onBroken((condition) => ({ ...condition, status: 'True', reason: 'ResolvedRefs' })),
  },
  {
    name: 'gateway-references-without-listeners',
    title:
      'A Gateway with a client certificate says that all references resolve, whatever its listeners say.',
    clauses: ['gateway-resolvedrefs-listeners-summary'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) =>
        condition.reason === 'ListenersNotResolved'
          ? { ...condition, status: 'True', reason: 'ResolvedRefs' }
          : condition,
      ),
    }),
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

/** What Gateways stop showing to backends. */
export const formerClients: readonly Fault[] = [
  {
    name: 'backend-client-cert-verdict-stays',
    title:
      'What a Gateway said of its client certificate stays in its status, at an old generation, when it names none any more.',
    clauses: ['gateway-observedgeneration-current'],
    layers: ['status'],
    hooks: () => ({
      statuses: onGatewayStatuses((status, gateway) => {
        const isVerdict = ({ type }: Condition): boolean => type === 'ResolvedRefs';
        const { conditions = [] } = status;
        const stored = gateway.status?.conditions?.filter(isVerdict) ?? [];
        return conditions.some(isVerdict) ? status : { ...status, conditions: [...conditions, ...stored] };
      }),
    }),
  },
];
