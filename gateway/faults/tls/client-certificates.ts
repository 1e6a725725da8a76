import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { IrTls } from '../../ir/ir.ts';
import { frontendValidation } from '../../translate/gateways/client-validation.ts';
import type { Condition, Gateway, ListenerStatus } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onTables } from '../hooks/ir.ts';
import { well } from '../hooks/listener-sets.ts';
import { onObjects, onObjectsWith } from '../hooks/objects.ts';
import { onConditions, onGatewayStatuses, onListenerStatuses } from '../hooks/statuses.ts';
import { onTlsContexts } from '../hooks/xds.ts';
import type { Message } from '../hooks/xds.ts';

type Frontend = NonNullable<NonNullable<Gateway['spec']['tls']>['frontend']>;

/** Edits what Gateways ask of clients. */
function asking(edit: (frontend: Frontend) => Frontend): FaultHooks {
  return {
    input: onObjects('gateways', (gateway) => {
      const frontend = gateway.spec.tls?.frontend;
      if (frontend === undefined) return gateway;
      return {
        ...gateway,
        spec: { ...gateway.spec, tls: { ...gateway.spec.tls, frontend: edit(frontend) } },
      };
    }),
  };
}

function firstOnly(asked: NonNullable<Frontend['default']>): NonNullable<Frontend['default']> {
  const { validation } = asked;
  const refs = validation?.caCertificateRefs;
  return refs === undefined ? asked : { validation: { ...validation, caCertificateRefs: refs.slice(0, 1) } };
}

/** Edits what Envoy asks of the clients of a table. */
function onValidation(
  edit: (validation: NonNullable<IrTls['clientValidation']>) => IrTls['clientValidation'],
): FaultHooks {
  return {
    ir: onTables((table) => {
      if (table.tls?.clientValidation === undefined) return table;
      const { clientValidation, ...tls } = table.tls;
      const edited = edit(clientValidation);
      return { ...table, tls: { ...tls, ...(edited && { clientValidation: edited }) } };
    }),
  };
}

const insecureMode = 'InsecureFrontendValidationMode';
const hasNoCa = ({ conditions }: ListenerStatus): boolean =>
  conditions.some(({ reason }) => reason === 'NoValidCACertificate');

function unresolved(condition: Condition): Condition {
  return condition.type === 'ResolvedRefs'
    ? { ...condition, status: 'False', reason: 'InvalidCACertificateRef', message: 'a CA is missing' }
    : condition;
}

/** What Gateways ask of the certificates of clients. */
export const clientCertificates: readonly Fault[] = [
  {
    name: 'client-certificates-not-asked-for',
    title: 'HTTPS listeners that are to validate clients ask them for no certificate.',
    clauses: ['tls-frontend-no-client-cert-rejected', 'tls-frontend-wrong-ca-rejected'],
    layers: ['tls'],
    hooks: () => onValidation(() => undefined),
  },
  {
    name: 'client-certificates-not-verified',
    title: 'HTTPS listeners that are to validate clients admit them with any certificate, or none.',
    clauses: ['tls-frontend-no-client-cert-rejected', 'tls-frontend-wrong-ca-rejected'],
    layers: ['tls'],
    hooks: () => onValidation((validation) => ({ ...validation, mode: 'request' })),
  },
  {
    name: 'client-ca-of-port-ignored',
    title: 'The CA that a Gateway names for the clients of one port is ignored for that of all.',
    clauses: ['tls-frontend-perport-overrides', 'tls-frontend-targeting'],
    layers: ['tls', 'connect', 'status'],
    hooks: () => asking((frontend) => ({ ...frontend, perPort: [] })),
  },
  {
    name: 'client-ca-by-default-ignored',
    title:
      'The CA that a Gateway names for all clients is ignored: only ports with one of their own validate.',
    clauses: ['tls-frontend-default-all-https'],
    layers: ['tls'],
    hooks: () => asking(({ perPort }) => ({ ...(perPort && { perPort }) })),
  },
  {
    name: 'second-client-ca-untrusted',
    title: 'Of several CAs that a Gateway names for its clients only the first is trusted.',
    clauses: ['tls-frontend-several-ca-refs'],
    layers: ['tls', 'connect'],
    hooks: () =>
      asking(({ default: all, perPort }) => ({
        ...(all && { default: firstOnly(all) }),
        ...(perPort && {
          perPort: perPort.map(({ port, tls }) => ({ port, ...(tls && { tls: firstOnly(tls) }) })),
        }),
      })),
  },
  {
    name: 'client-ca-missing-fails-open',
    title: 'A port whose CA for clients cannot be found is served to everybody.',
    clauses: ['tls-frontend-all-ca-invalid-fails-closed', 'tls-frontend-ca-unresolved'],
    layers: ['status', 'tls'],
    hooks: () => ({
      input: (input) => {
        const known = new Set(input.objects.configMaps.map(keyOf));
        const gateways = input.objects.gateways.map((gateway) => {
          const { perPort } = gateway.spec.tls?.frontend ?? {};
          if (perPort === undefined) return gateway;
          const found = perPort.map(({ port, tls }) => {
            const refs = tls?.validation?.caCertificateRefs ?? [];
            const isFound = refs.some(({ namespace, name }) =>
              known.has(
                keyOf({ metadata: { name, namespace: namespace ?? gateway.metadata.namespace ?? '' } }),
              ),
            );
            return { port, ...(isFound && tls && { tls }) };
          });
          const frontend = { ...gateway.spec.tls?.frontend, perPort: found };
          return { ...gateway, spec: { ...gateway.spec, tls: { ...gateway.spec.tls, frontend } } };
        });
        return { ...input, objects: { ...input.objects, gateways } };
      },
    }),
  },
  {
    name: 'client-ca-malformed-fails-open',
    title: 'A port whose CA for clients is no certificate is served to everybody.',
    clauses: ['tls-frontend-all-ca-invalid-fails-closed'],
    layers: ['status', 'tls'],
    hooks: () => ({
      input: onObjectsWith('gateways', (gateway, { objects }) => {
        const { perPort, ...frontend } = gateway.spec.tls?.frontend ?? {};
        if (perPort === undefined) return gateway;
        const malformed = new Set(
          objects.configMaps
            .filter(({ data }) => data?.['ca.crt']?.includes('-----BEGIN') === false)
            .map(keyOf),
        );
        const kept = perPort.map(({ port, tls }) => {
          const refs = tls?.validation?.caCertificateRefs ?? [];
          const isMalformed = refs.some(({ namespace = gateway.metadata.namespace, name }) =>
            malformed.has(objectKey(namespace, name)),
          );
          return { port, ...(!isMalformed && tls && { tls }) };
        });
        return {
          ...gateway,
          spec: { ...gateway.spec, tls: { ...gateway.spec.tls, frontend: { ...frontend, perPort: kept } } },
        };
      }),
    }),
  },
  {
    name: 'client-ca-missing-by-default-breaks-ports',
    title: 'Where the CA for all clients cannot be found, ports with a CA of their own are broken too.',
    clauses: ['tls-frontend-targeting'],
    layers: ['status', 'programmed', 'tls', 'connect'],
    hooks: () => ({
      input: onObjectsWith('gateways', (gateway, { objects }) => {
        const { frontend, ...tls } = gateway.spec.tls ?? {};
        const refs = frontend?.default?.validation?.caCertificateRefs ?? [];
        const known = new Set(objects.configMaps.map(keyOf));
        const isFound = refs.some(({ namespace = gateway.metadata.namespace, name }) =>
          known.has(objectKey(namespace, name)),
        );
        if (frontend?.perPort === undefined || refs.length === 0 || isFound) return gateway;
        const { perPort: _own, ...common } = frontend;
        return { ...gateway, spec: { ...gateway.spec, tls: { ...tls, frontend: common } } };
      }),
    }),
  },
  {
    name: 'client-ca-kind-misnamed',
    title: 'A CA for clients of an unknown kind is reported as missing.',
    clauses: ['tls-frontend-ca-kind'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) =>
        condition.reason === 'InvalidCACertificateKind'
          ? { ...condition, reason: 'InvalidCACertificateRef' }
          : condition,
      ),
    }),
  },
  {
    name: 'client-ca-needs-no-grant',
    title: 'A CA for clients in another namespace needs no ReferenceGrant.',
    clauses: ['tls-frontend-ca-cross-namespace'],
    layers: ['status', 'tls', 'programmed'],
    hooks: () => ({
      input: (input) => {
        const namespaces = input.objects.namespaces.map(({ metadata }) => metadata.name);
        const from = namespaces.map((namespace) => ({
          group: 'gateway.networking.k8s.io',
          kind: 'Gateway',
          namespace,
        }));
        const added = namespaces.map((namespace) => ({
          metadata: { name: 'cas', namespace },
          spec: { from, to: [{ group: '', kind: 'ConfigMap' }] },
        }));
        const referenceGrants = [...input.objects.referenceGrants, ...added];
        return { ...input, objects: { ...input.objects, referenceGrants } };
      },
    }),
  },
  {
    name: 'client-ca-none-left-accepted',
    title: 'A listener without any CA for its clients is Accepted.',
    clauses: ['tls-frontend-all-ca-invalid'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) =>
        condition.reason === 'NoValidCACertificate'
          ? { ...condition, status: 'True', reason: 'Accepted', message: 'all is well' }
          : condition,
      ),
    }),
  },
  {
    name: 'client-ca-problem-on-every-listener',
    title: 'A CA for clients that is missing for one port is reported on every listener.',
    clauses: ['tls-frontend-targeting', 'tls-frontend-http-unaffected'],
    layers: ['status'],
    hooks: () => ({
      statuses: onGatewayStatuses((status) =>
        status.listeners?.some(hasNoCa) === true
          ? {
              ...status,
              listeners: status.listeners.map((listener) => ({
                ...listener,
                conditions: listener.conditions.map(unresolved),
              })),
            }
          : status,
      ),
    }),
  },
  {
    name: 'client-insecure-fallback-strict',
    title: 'AllowInsecureFallback turns clients away all the same.',
    clauses: ['tls-frontend-insecure-fallback'],
    layers: ['tls', 'connect'],
    hooks: () => onValidation((validation) => ({ ...validation, mode: 'require' })),
  },
  {
    name: 'client-insecure-mode-unreported',
    title: 'A Gateway that admits clients without a valid certificate does not warn of it.',
    clauses: ['tls-frontend-insecure-condition'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) => (condition.type === insecureMode ? undefined : condition)),
    }),
  },
  {
    name: 'client-insecure-mode-sticks',
    title: 'A Gateway that admitted clients without a valid certificate once warns of it for ever.',
    clauses: ['tls-frontend-insecure-condition-removed'],
    layers: ['status'],
    hooks: () => {
      const warned = new Map<string, Condition>();
      return {
        statuses: onGatewayStatuses((status, gateway) => {
          const found = status.conditions?.find(({ type }) => type === insecureMode);
          if (found !== undefined) warned.set(keyOf(gateway), found);
          const kept = warned.get(keyOf(gateway));
          if (found !== undefined || kept === undefined) return status;
          const { generation = 0 } = gateway.metadata;
          const warning = { ...kept, observedGeneration: generation };
          return { ...status, conditions: [...(status.conditions ?? []), warning] };
        }),
      };
    },
  },
];

/** Edits what listeners say of their CAs where they have several. */
const ofSeveralCas = (edit: (condition: Condition) => Condition): FaultHooks => ({
  statuses: onListenerStatuses((listener, gateway) => {
    const { port = 0 } = gateway.spec.listeners?.find(({ name }) => name === listener.name) ?? {};
    const refs = frontendValidation(gateway, port)?.caCertificateRefs ?? [];
    return refs.length < 2 ? listener : { ...listener, conditions: listener.conditions.map(edit) };
  }),
});

/** Several CAs for clients, some of which cannot be found. */
export const brokenBesideGood: readonly Fault[] = [
  {
    name: 'second-client-ca-broken-unreported',
    title: 'Of several CAs for clients one that cannot be found is not told of while another one is there.',
    clauses: ['tls-frontend-some-ca-invalid'],
    layers: ['status'],
    hooks: () => ofSeveralCas((each) => (each.reason === 'InvalidCACertificateRef' ? well(each) : each)),
  },
];

/** Certificates of clients that are not looked at closely. */
export const expiredClients: readonly Fault[] = [
  {
    name: 'expired-clients-admitted',
    title: 'Clients whose certificate has expired are admitted.',
    clauses: ['tls-frontend-expired-client-rejected'],
    layers: ['tls', 'connect'],
    hooks: () => ({
      xds: onTlsContexts((context) => {
        const { validation_context: validation } = context['common_tls_context'] as Message;
        if (validation !== undefined) (validation as Message)['allow_expired_certificate'] = true;
      }),
    }),
  },
];
