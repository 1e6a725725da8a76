import { RouteproofError } from '../../common/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { RunEnv } from '../env/run-env.ts';
import { newNonce } from '../manifests/names.ts';
import type { Clock } from '../wait/clock.ts';
import type { Crd, CrdEdit } from './crd.ts';
import { overwrite } from './overwrite.ts';
import { policyName } from './upgrade-policy.ts';
import { noRules, plantPolicy, type PolicyEdit } from './planted-policy.ts';

/** A field that only the edited schema gives a default to: the API server does not say from when on it uses a schema. */
const marker = 'routeproofMarker';
const pollMs = 20;

export interface PlantOptions {
  kube: KubeClient;
  /** One that is there, for objects that are never stored. */
  namespace: string;
  clock: Clock;
  limitMs: number;
  signal: AbortSignal;
}

/** Those of a run. */
export function plantOptions(
  { kube, baseNamespace, clock, limits }: Pick<RunEnv, 'kube' | 'baseNamespace' | 'clock' | 'limits'>,
  signal: AbortSignal,
): PlantOptions {
  return { kube, namespace: baseNamespace, clock, limitMs: limits.installMs, signal };
}

/** The smallest object of each kind. */
const canaries: Record<string, { kind: string; spec: object }> = {
  grpcroutes: { kind: 'GRPCRoute', spec: {} },
  gateways: {
    kind: 'Gateway',
    spec: { gatewayClassName: 'none', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
  },
  gatewayclasses: { kind: 'GatewayClass', spec: { controllerName: 'example.com/none' } },
  referencegrants: {
    kind: 'ReferenceGrant',
    spec: { from: [{ group: '', kind: 'A', namespace: 'a' }], to: [{ group: '', kind: 'B' }] },
  },
  backendtlspolicies: {
    kind: 'BackendTLSPolicy',
    spec: {
      targetRefs: [{ group: '', kind: 'Service', name: 'a' }],
      validation: { hostname: 'a.example.com', wellKnownCACertificates: 'System' },
    },
  },
  listenersets: {
    kind: 'ListenerSet',
    spec: { parentRef: { name: 'none' }, listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
  },
};

/** Runs `work` while the API server has the edited CRD, or policy, and puts it back as it was. See `plantCrd`. */
export async function withPlantedCrd<T>(
  change: CrdEdit | PolicyEdit,
  options: PlantOptions,
  work: () => Promise<T>,
): Promise<T> {
  const restore = await plantCrd(change, options);
  try {
    return await work();
  } finally {
    await restore();
  }
}

/**
 * Resolves when the API server uses the edited CRD, or the edited policy that guards the CRDs.
 *
 * @returns puts it back as it was
 * @throws RouteproofError INVALID_INPUT - the edit changes nothing; CRDS_MISSING - there is no policy; CRD_NOT_SERVED - the API server does
 * not use it
 */
export async function plantCrd(
  change: CrdEdit | PolicyEdit,
  options: PlantOptions,
): Promise<() => Promise<void>> {
  if ('editPolicy' in change) {
    const restore = await plantPolicy(change, options);
    if (restore !== undefined) return restore;
    throw new RouteproofError('CRDS_MISSING', 'the cluster has no policy that guards the CRDs', {
      object: `ValidatingAdmissionPolicy ${policyName}`,
      hint: 'it comes with the standard channel: use a cluster that is made for the run, with --channel standard',
    });
  }
  if (change.isForbidden !== true) return plantInCrd(change, options);
  const enforce = (await plantPolicy(noRules, options)) ?? (() => Promise.resolve());
  try {
    const restore = await plantInCrd(change, options);
    return async () => {
      await restore();
      await enforce();
    };
  } catch (error) {
    await enforce();
    throw error;
  }
}

async function plantInCrd(change: CrdEdit, options: PlantOptions): Promise<() => Promise<void>> {
  const { kube } = options;
  const info = await kube.kindInfo('CustomResourceDefinition');
  const name = `${change.plural}.gateway.networking.k8s.io`;
  const original = await kube.get<Crd>(info, undefined, name);
  const edited = structuredClone(original);
  if (change.edit(edited) === 0) {
    throw new RouteproofError('INVALID_INPUT', 'the edit changes nothing in the installed CRD', {
      object: `CustomResourceDefinition ${name}`,
      hint: 'see that the CRDs are of a release that it was written for',
    });
  }
  const nonce = newNonce();
  const restore = async (): Promise<void> => {
    await overwrite(kube, original);
    if (!options.signal.aborted) await serves(change.plural, undefined, options);
  };
  try {
    await overwrite(kube, withMarker(edited, nonce));
    await serves(change.plural, nonce, options);
    return restore;
  } catch (error) {
    await restore();
    throw error;
  }
}

function withMarker(crd: Crd, nonce: string): Crd {
  const marked = structuredClone(crd);
  for (const { schema } of marked.spec.versions) {
    const spec = schema.openAPIV3Schema.properties?.['spec'];
    if (spec !== undefined)
      spec.properties = { ...spec.properties, [marker]: { type: 'string', default: nonce } };
  }
  return marked;
}

/** Waits until an object of that kind gets the marker's default, or none. */
async function serves(plural: string, nonce: string | undefined, options: PlantOptions): Promise<void> {
  const { kube, clock, limitMs, signal } = options;
  const canary = canaryOf(plural, options.namespace);
  const start = clock.now();
  for (;;) {
    const { spec } = await kube.apply(canary, { dryRun: true });
    const seen = (spec as Record<string, unknown> | undefined)?.[marker];
    if (seen === nonce) return;
    if (clock.now() - start > limitMs) {
      throw new RouteproofError('CRD_NOT_SERVED', 'the API server does not use a CRD that it has taken', {
        object: `CustomResourceDefinition ${plural}.gateway.networking.k8s.io`,
        seen: `spec.${marker} is ${String(seen)}, not ${String(nonce)}`,
        hint: 'the log of kube-apiserver says what holds it up; on busy cores --limits-scale waits longer',
      });
    }
    // The API server announces nothing that could be watched.
    await clock.sleep(pollMs, signal);
  }
}

function canaryOf(plural: string, namespace: string): KubeObject {
  const canary = canaries[plural];
  if (canary === undefined) throw new Error(`no smallest object of ${plural} is known`);
  const metadata = { name: 'routeproof-canary', ...(canary.kind !== 'GatewayClass' && { namespace }) };
  return { apiVersion: 'gateway.networking.k8s.io/v1', metadata, ...canary };
}
