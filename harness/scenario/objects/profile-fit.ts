import { withEchoImage } from '../../base/echo-image.ts';
import { selfSigned, tlsSecretOf, type Certificate } from '../../base/certificate.ts';
import { knownKind } from '../../kube/kinds.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { exclusionOf } from '../../profiles/excluded-objects.ts';
import { profileCertificate, secured } from '../../profiles/secure-listeners.ts';
import type { ScenarioCore } from '../core/core.ts';
import type { Call, CallResult, Expected } from '../../rpc/call.ts';
import { NotRun } from '../core/not-run.ts';
import { ensureNamespace } from '../core/namespaces.ts';
import { withParentNamespaces } from '../../manifests/parent-namespaces.ts';

/** Whether a scenario that was written for plain listeners is tried over TLS. One that judges the profile says itself what it wants. */
export function overTls({ env, meta }: ScenarioCore): boolean {
  return env.rules.profile.listeners === 'HTTPS' && meta.profiles === undefined;
}

/** The object in the older version of its kind, where the cluster's CRDs serve that one alone. */
export async function inServedVersion<T extends KubeObject>({ env }: ScenarioCore, object: T): Promise<T> {
  const { kind = '', apiVersion } = object;
  if (knownKind(kind, apiVersion)?.olderApiVersion === undefined) return object;
  const served = await env.kube.kindInfo(kind, apiVersion);
  return { ...object, apiVersion: served.apiVersion };
}

/**
 * The (rewritten) object as the run's profile and the cluster's CRDs let it be tried, with the run's image of echo servers.
 *
 * @throws NotRun - the profile's product documents that it does not take such an object
 */
export async function fitted<T extends KubeObject>(core: ScenarioCore, written: T): Promise<T> {
  const plain = withEchoImage(await inServedVersion(core, written), core.env.echoImage);
  const { parentsWithoutNamespace } = core.meta;
  const object =
    core.env.writesParentNamespaces === true ? withParentNamespaces(plain, parentsWithoutNamespace) : plain;
  if (core.meta.profiles !== undefined) return object;
  const exclusion = exclusionOf(core.env.rules.profile, object);
  if (exclusion !== undefined) throw new NotRun(exclusion, 'profile');
  if (!overTls(core)) return object;
  const fit = secured(object);
  if (fit !== object) await ensureCertificate(core, object.metadata?.namespace ?? core.names.own);
  return fit;
}

/**
 * Whether a call that nobody may serve was not even connected: over TLS a listener may refuse the name of a host that is not its own,
 * where in the clear it can only answer that there is no such route.
 */
export function isRefusedInHandshake(
  core: ScenarioCore,
  call: Call,
  expected: Expected,
  result: CallResult,
): boolean {
  const isAdapted = overTls(core) && call.tls === undefined && call.direct === undefined;
  return (
    isAdapted && expected.backend === null && result.status === null && /^(connect|tls)$/.test(result.reached)
  );
}

let certificate: Promise<Certificate> | undefined;

async function ensureCertificate(core: ScenarioCore, namespace: string): Promise<void> {
  certificate ??= selfSigned(['*.example.com', 'example.com']);
  const secret = tlsSecretOf(await certificate, { name: profileCertificate, namespace });
  await ensureNamespace(core, namespace);
  await core.env.kube.apply(secret);
}
