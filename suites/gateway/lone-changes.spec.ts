import { scenario, type KubernetesObject, type Scenario } from '../../harness/index.ts';
import {
  accepted,
  applyCa,
  applyRoute,
  applyService,
  hostOf,
  overTls,
  policy,
  policyMust,
} from '../backend-tls/policies.ts';
import { refused, unserved } from '../expected.ts';
import { pointTo } from '../endpoint-slices.ts';
import { setMustBeProgrammed, type ListenerSet } from '../listener-set/shapes.ts';
import type { ReferenceGrant } from '../shapes.ts';

const gateway = 'routeproof-base/shared';
const grant: KubernetesObject & Pick<ReferenceGrant, 'spec'> = {
  apiVersion: 'gateway.networking.k8s.io/v1beta1',
  kind: 'ReferenceGrant',
  metadata: { name: 'routes-to-v1', namespace: 'team' },
  spec: {
    from: [{ group: 'gateway.networking.k8s.io', kind: 'GRPCRoute', namespace: 'default' }],
    to: [{ group: '', kind: 'Service', name: 'v1' }],
  },
};
const notPermitted = { type: 'ResolvedRefs', status: 'False', reason: 'RefNotPermitted' } as const;
const notAllowed = { type: 'Accepted', status: 'False', reason: 'NotAllowedByListeners' } as const;

interface Service extends KubernetesObject {
  spec: { ports: { name: string; port: number; appProtocol?: string }[] };
}

/** Gives the namespace `team` a label, or takes it away. */
function label(t: Scenario, name: string, value?: string): Promise<unknown> {
  return t.update({ kind: 'Namespace', name: 'team' }, ({ metadata }) => {
    if (metadata === undefined) return;
    const { [name]: _, ...others } = metadata.labels ?? {};
    metadata.labels = { ...others, ...(value !== undefined && { [name]: value }) };
  });
}

async function grantsAreFollowed(t: Scenario): Promise<void> {
  const call = { gateway, host: 'granted.example.com' };
  await t.applyObjects(grant);
  await t.routeMustBeAccepted('granted');
  await t.callMust(call, { backend: 'team/v1' });
  await t.remove({
    kind: 'ReferenceGrant',
    apiVersion: 'gateway.networking.k8s.io/v1beta1',
    name: 'routes-to-v1',
    namespace: 'team',
  });
  await t.routeMustHaveCondition('granted', notPermitted);
  await t.callMust(call, unserved);
}

async function labelsAreFollowed(t: Scenario): Promise<void> {
  const call = { gateway: 'edge', host: 'labelled.edge.example.com' };
  await label(t, 'brings-routes', 'yes');
  await t.routeMustBeAccepted('labelled', { namespace: 'team' });
  await t.callMust(call, { backend: 'team/v1' });
  await t.listenerMustHaveAttachedRoutes('edge', 'http', 1);
  await label(t, 'brings-routes');
  await t.routeMustHaveCondition('labelled', notAllowed, { namespace: 'team' });
  await t.callMust(call, refused);
  await t.listenerMustHaveAttachedRoutes('edge', 'http', 0);
}

const renumbered = { gateway, host: 'renumbered.example.com' };
const pooled = { gateway, host: 'pooled.example.com' };

async function servicesAreFollowed(t: Scenario): Promise<void> {
  await t.update<Service>({ kind: 'Service', apiVersion: 'v1', name: 'renumbered' }, ({ spec }) => {
    spec.ports = spec.ports.map((port) => ({ ...port, port: 9001 }));
  });
  await t.routeMustBeAccepted('renumbered');
  await t.callMust(renumbered, { backend: 'v1' });
}

async function certificatesAreFollowed(t: Scenario): Promise<void> {
  const host = 'secure.example.com';
  const ca = await t.tlsSecret({ name: 'edge-cert' }, [host]);
  await t.callMust({ gateway: 'edge', host, tls: { ca }, fresh: true }, { backend: 'v1' });
}

scenario(
  {
    id: 'gateway/lone-changes',
    title:
      'A grant, a label of a namespace, a Service, its endpoints, a certificate and a CA take effect when they change, also where nothing else happens that would have an implementation look',
    support: 'extended',
    clauses: [
      'refgrant-addition-enables',
      'refgrant-removal-revokes',
      'listener-namespaces-selector-live',
      'backend-endpoints-follow',
      'backend-service-forwarding',
      'tls-terminate-secret',
      'btls-ca-content-reconciled',
      'listenerset-from-selector',
    ],
    backends: ['v1', 'v2', 'team/v1'],
    quiet: true,
  },
  async (t) => {
    const host = 'secure.example.com';
    const ca = await t.tlsSecret({ name: 'edge-cert' }, [host]);
    const claims = (feature: string): boolean => t.supportedFeatures.has(feature);
    for (const service of ['pool', 'renumbered']) await pointTo(t, service, 'v1');
    await t.apply();
    if (claims('BackendTLSPolicy')) {
      await applyService(t, 'sealed');
      // Of a CA that the backend's certificate is not from.
      await applyCa(t, 'ca', ca);
      await t.applyObjects(policy('sealed'));
      await applyRoute(t, 'sealed');
      await policyMust(t, 'sealed', accepted);
      await t.callMust({ gateway, host: hostOf('sealed') }, unserved);
    }
    if (claims('ListenerSet')) await t.applyObjects(ofTeam);
    await t.gatewayMustBeProgrammed('edge');
    await t.callMust({ gateway: 'edge', host, tls: { ca } }, { backend: 'v1' });
    await t.callMust(pooled, { backend: 'v1' });
    await t.routeMustHaveCondition('granted', notPermitted);
    await t.routeMustHaveCondition('labelled', notAllowed, { namespace: 'team' });

    await t.routeMustHaveCondition('renumbered', { type: 'ResolvedRefs', status: 'False' });
    await t.listenerMustHaveAttachedRoutes('edge', 'https', 1);

    // From here on each change is waited for by itself, with what is written of it: nothing may happen beside it.
    await certificatesAreFollowed(t);
    if (claims('BackendTLSPolicy')) {
      await applyCa(t);
      await t.callMust({ gateway, host: hostOf('sealed') }, overTls());
    }
    await pointTo(t, 'pool', 'v2');
    await t.implied(['backend-endpoints-follow'], async () => {
      await t.callMust(pooled, { backend: 'v2' });
    });
    await servicesAreFollowed(t);
    if (claims('ReferenceGrant')) await grantsAreFollowed(t);
    await labelsAreFollowed(t);
    if (claims('ListenerSet')) {
      await label(t, 'brings-listeners', 'yes');
      await setMustBeProgrammed(t, 'team/of-team');
    }
  },
);

const ofTeam: ListenerSet = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'ListenerSet',
  metadata: { name: 'of-team', namespace: 'team' },
  spec: {
    parentRef: { name: 'edge', namespace: 'default' },
    listeners: [{ name: 'http', protocol: 'HTTP', port: 80, hostname: 'set.example.com' }],
  },
};
