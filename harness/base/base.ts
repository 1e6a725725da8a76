import { RouteproofError } from '../../common/errors.ts';
import { describeObject } from '../../common/object-key.ts';
import { readManifests } from '../manifests/manifest-dir.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Gateway, KubeObject } from '../kube/objects.ts';
import { ApiRefusal, isNotFound } from '../kube/refusal.ts';
import { secured } from '../profiles/secure-listeners.ts';
import { baseNamespace } from '../manifests/names.ts';
import { withEchoImage } from './echo-image.ts';
import { selfSigned, tlsSecretOf, type Certificate } from './certificate.ts';

const certificateName = 'shared-tls';
/** What the echo servers show on their TLS port, for scenarios of TLS towards backends (Scenario.backendCa). It is its own CA. */
const backendCertificateName = 'echo-tls';

export interface BaseOptions {
  gatewayClass: string;
  /** What a profile asks of listeners. */
  listeners?: 'HTTPS';
}

/** The base without the shared Gateway: what several implementations on one cluster can share. */
export async function applySharedBackends(kube: KubeClient, dir: string, echoImage?: string): Promise<void> {
  const written = await readBase(dir, { gatewayClass: '' });
  const objects = written.map((object) => withEchoImage(object, echoImage));
  await applyAll(
    kube,
    objects.filter(({ kind }) => kind !== 'Gateway'),
    () => ensureBackendCertificate(kube),
  );
}

/** The shared Gateway alone, for one of several implementations on a cluster, with its certificate, in a namespace that is there. */
export async function applySharedGateway(
  kube: KubeClient,
  dir: string,
  of: BaseOptions & { namespace: string },
): Promise<void> {
  const objects = await readBase(dir, of);
  const gateways = objects.filter(({ kind }) => kind === 'Gateway');
  await ensureCertificate(kube, of.namespace);
  await applyAll(
    kube,
    gateways.map((object): KubeObject => {
      const { name = '' } = object.metadata ?? {};
      return { ...object, metadata: { name, namespace: of.namespace } };
    }),
  );
}

/** PEM of the CA that the echo servers' certificate is from. */
export async function readBackendCa(kube: KubeClient): Promise<string> {
  const info = await kube.kindInfo('Secret');
  const { data = {} } = await kube.get<KubeObject & { data?: Record<string, string> }>(
    info,
    baseNamespace,
    backendCertificateName,
  );
  return Buffer.from(data['tls.crt'] ?? '', 'base64').toString();
}

async function applyAll(
  kube: KubeClient,
  objects: KubeObject[],
  beside: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const [namespaces, rest] = [objects.filter(isNamespace), objects.filter((object) => !isNamespace(object))];
  for (const namespace of namespaces) await applyOne(kube, namespace);
  await Promise.all([beside(), ...rest.map((object) => applyOne(kube, object))]);
}

async function readBase(dir: string, { gatewayClass, listeners }: BaseOptions): Promise<KubeObject[]> {
  const objects = await readManifests(dir);
  for (const object of objects) {
    const { spec } = object as Gateway;
    if (object.kind === 'Gateway' && spec !== undefined) spec.gatewayClassName = gatewayClass;
  }
  return listeners === 'HTTPS' ? objects.map((object) => secured(object, certificateName)) : objects;
}

function isNamespace(object: KubeObject): boolean {
  return object.kind === 'Namespace';
}

async function applyOne(kube: KubeClient, object: KubeObject): Promise<void> {
  try {
    await kube.apply(object);
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    throw new RouteproofError('MANIFEST_REJECTED', 'the API server refused an object of the base', {
      object: describeObject(object),
      seen: error.message,
      hint: 'see that the Gateway API CRDs are installed and the user may write to namespace routeproof-base',
      cause: error,
    });
  }
}

function ensureCertificate(kube: KubeClient, namespace: string): Promise<void> {
  return ensureSecret(kube, { name: certificateName, namespace }, () =>
    selfSigned(['*.example.com', 'example.com']),
  );
}

function ensureBackendCertificate(kube: KubeClient): Promise<void> {
  return ensureSecret(kube, { name: backendCertificateName, namespace: baseNamespace }, () =>
    selfSigned(['backend.example.org', 'other.example.org'], ['spiffe://example.org/echo']),
  );
}

/** A certificate that is there already stays: a new one would have the proxy restart its listener. */
async function ensureSecret(
  kube: KubeClient,
  metadata: { name: string; namespace: string },
  make: () => Promise<Certificate>,
): Promise<void> {
  const info = await kube.kindInfo('Secret');
  try {
    await kube.get(info, metadata.namespace, metadata.name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await kube.apply(tlsSecretOf(await make(), metadata));
  }
}
