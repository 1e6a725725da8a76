import { keyOf } from '../../../common/object-key.ts';
import type { Gateway } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideEarlier, outliving } from '../hooks/first-seen.ts';
import { clientCasOf } from '../hooks/objects.ts';
import { unseen } from '../hooks/unseen.ts';

const layers: Fault['layers'] = ['tls', 'connect', 'routed'];

type Frontend = NonNullable<NonNullable<Gateway['spec']['tls']>['frontend']>;

/** Edits what each Gateway asks of its clients beside what it asked before. */
const besideAskedBefore = (
  edit: (now: Frontend | undefined, before: Frontend | undefined) => Frontend | undefined,
): FaultHooks =>
  besideEarlier<'gateways', Frontend | undefined>('gateways', (gateway, before) => {
    const { frontend: now, ...tls } = gateway.spec.tls ?? {};
    const frontend = edit(now, before);
    const edited =
      frontend === now
        ? gateway
        : { ...gateway, spec: { ...gateway.spec, tls: { ...tls, ...(frontend && { frontend }) } } };
    return { edited, keep: frontend };
  });

/** What Gateways need for their clients, and lose. */
export const takenFromListeners: readonly Fault[] = [
  {
    name: 'revoked-certificate-still-presented',
    title:
      'When the grant for a certificate is deleted the status says so, and handshakes go on with that certificate.',
    clauses: ['tls-cross-namespace-grant-revoked', 'refgrant-removal-revokes'],
    layers,
    hooks: () =>
      unseen(outliving('referenceGrants', ({ spec }) => spec.from.some(({ kind }) => kind === 'Gateway'))),
  },
  {
    name: 'deleted-certificate-still-presented',
    title:
      'When the Secret of a certificate is deleted the status says so, and handshakes go on with that certificate.',
    clauses: ['listener-unprogrammed-presents-nothing'],
    layers,
    hooks: () => unseen(outliving('secrets', ({ type }) => type === 'kubernetes.io/tls')),
  },
  {
    name: 'client-validation-outlives-removal',
    title:
      'A Gateway that asks nothing of its clients any more goes on turning away those without a certificate.',
    clauses: ['tls-frontend-default-all-https'],
    layers,
    hooks: () => besideAskedBefore((now, before) => now ?? before),
  },
  {
    name: 'client-validation-of-port-outlives-entry',
    title: 'A port that loses its entry goes on asking of clients what that said, not what the default says.',
    clauses: ['tls-frontend-default-all-https', 'tls-frontend-perport-overrides'],
    layers,
    hooks: () =>
      besideAskedBefore((now, before) => {
        const perPort = now?.perPort ?? [];
        const ports = new Set(perPort.map(({ port }) => port));
        const gone = (before?.perPort ?? []).filter(({ port }) => !ports.has(port));
        return now === undefined || gone.length === 0 ? now : { ...now, perPort: [...perPort, ...gone] };
      }),
  },
  {
    name: 'client-ca-outlives-config-map',
    title: 'The CA that a Gateway knows its clients by stays in force when its ConfigMap is deleted.',
    clauses: ['tls-frontend-ca-unresolved', 'tls-frontend-all-ca-invalid-fails-closed'],
    layers: [...layers, 'status', 'programmed'],
    hooks: () => ({
      input: outliving('configMaps', (configMap, { objects }) =>
        clientCasOf(objects.gateways).includes(keyOf(configMap)),
      ),
    }),
  },
  {
    name: 'deleted-client-ca-still-admits',
    title:
      'When a ConfigMap with a CA for clients is deleted the status says so, and clients of that CA are admitted.',
    clauses: ['tls-frontend-all-ca-invalid-fails-closed'],
    layers,
    hooks: () =>
      unseen(
        outliving('configMaps', (configMap, { objects }) =>
          clientCasOf(objects.gateways).includes(keyOf(configMap)),
        ),
      ),
  },
];
