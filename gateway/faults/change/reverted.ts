import type { Objects } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideEarlier } from '../hooks/first-seen.ts';

const layers: Fault['layers'] = ['status', 'routed', 'backend'];

type AnyObject = Objects[keyof Objects][number];

/** What an object says; its status is not of its own saying. */
const saysOf = (object: object): string => JSON.stringify({ ...object, metadata: {}, status: {} });

/** An edit after which an object says what it said once before, but not last, changes nothing. */
function neverTwice(kind: keyof Objects): FaultHooks {
  interface Kept {
    seen: Set<string>;
    served: AnyObject;
  }
  return besideEarlier<keyof Objects, Kept>(kind, (now, kept = { seen: new Set(), served: now }) => {
    const { seen } = kept;
    const isOld = seen.has(saysOf(now)) && saysOf(now) !== saysOf(kept.served);
    const served = isOld ? kept.served : now;
    seen.add(saysOf(now));
    const { metadata } = now;
    const status = 'status' in now ? { status: now.status } : {};
    const edited = { ...served, metadata, ...status } as AnyObject;
    return { edited, keep: { seen, served } };
  });
}

/** Edits that take an earlier one back: a controller that remembers what it has seen takes them for old news. */
export const reverted: readonly Fault[] = [
  {
    name: 'reverted-route-unnoticed',
    title:
      'A route that is edited to say again what it said before its last edit stays as the last edit left it.',
    clauses: ['grpcroute-update-takes-effect'],
    layers,
    hooks: () => neverTwice('grpcRoutes'),
  },
  {
    name: 'reverted-gateway-unnoticed',
    title: 'A Gateway whose last edit is taken back stays as that edit left it.',
    clauses: ['gateway-listener-added', 'gateway-listener-removed', 'status-follows-gateway-change'],
    layers: [...layers, 'programmed', 'connect', 'tls'],
    hooks: () => neverTwice('gateways'),
  },
  {
    name: 'reverted-service-unnoticed',
    title: 'A Service whose last edit is taken back stays as that edit left it.',
    clauses: ['backend-port-is-service-port', 'backend-recovers', 'backend-appprotocol-honoured'],
    layers,
    hooks: () => neverTwice('services'),
  },
  {
    name: 'reverted-slice-unnoticed',
    title: 'An EndpointSlice that has again the endpoints that it had before its last edit is not looked at.',
    clauses: ['backend-endpoints-follow', 'backend-service-forwarding'],
    layers,
    hooks: () => neverTwice('endpointSlices'),
  },
  {
    name: 'reverted-grant-unnoticed',
    title: 'A ReferenceGrant whose last edit is taken back stays as that edit left it.',
    clauses: ['refgrant-edit-recomputed', 'refgrant-addition-enables'],
    layers,
    hooks: () => neverTwice('referenceGrants'),
  },
  {
    name: 'reverted-policy-unnoticed',
    title: 'A BackendTLSPolicy whose last edit is taken back stays as that edit left it.',
    clauses: ['btls-hostname-authenticates', 'btls-ca-authenticates'],
    layers,
    hooks: () => neverTwice('backendTlsPolicies'),
  },
  {
    name: 'reverted-certificate-unnoticed',
    title: 'A certificate that is replaced by one that its Secret had before stays in use.',
    clauses: ['tls-terminate-secret', 'tls-secret-recovers'],
    layers: [...layers, 'tls', 'programmed'],
    hooks: () => neverTwice('secrets'),
  },
  {
    name: 'reverted-ca-unnoticed',
    title: 'A ConfigMap that has again the CA that it had before its last edit is not looked at.',
    clauses: ['btls-ca-content-reconciled'],
    layers,
    hooks: () => neverTwice('configMaps'),
  },
  {
    name: 'reverted-listener-set-unnoticed',
    title: 'A ListenerSet whose last edit is taken back stays as that edit left it.',
    clauses: ['listenerset-serves-traffic', 'listenerset-accepted-set'],
    layers: [...layers, 'programmed', 'connect'],
    hooks: () => neverTwice('listenerSets'),
  },
];
