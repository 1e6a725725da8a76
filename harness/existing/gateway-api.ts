import { RouteproofError } from '../../common/errors.ts';
import { officialReleases, type OfficialRelease } from '../../common/official-releases.ts';
import type { ReadyOptions } from '../base/ready.ts';
import { installCrds, installedCrds } from '../install/crds.ts';
import type { Channel } from '../../common/official-releases.ts';
import type { KubeClient } from '../kube/client.ts';
import { isNotFound } from '../kube/refusal.ts';

const group = 'gateway.networking.k8s.io';
const kindsOfScenarios = ['GRPCRoute', 'HTTPRoute', 'ReferenceGrant', 'BackendTLSPolicy', 'ListenerSet'];

/** What the user allows to be changed for the whole cluster. */
export interface CrdConsent {
  /** Install the CRDs of Gateway API where there are none. */
  installCrds: boolean;
  /** Replace those of another release or channel. */
  overwriteCrds: boolean;
  release?: OfficialRelease;
  channel?: Channel;
}

/**
 * Sees that the cluster serves Gateway API, and installs it only where that was asked for. CRDs that were installed stay: others may use
 * them by the time that the run ends.
 *
 * @returns whether they were there before
 * @throws RouteproofError CRDS_MISSING - they are not there, or not those asked for
 */
export async function ensureGatewayApi(
  consent: CrdConsent,
  options: ReadyOptions & { progress: (line: string) => void },
): Promise<'there' | 'installed'> {
  const { kube, progress } = options;
  const there = await crdsThere(kube);
  const release = consent.release ?? officialReleases[0];
  const channel = consent.channel ?? 'standard';
  if (there === undefined) {
    if (!consent.installCrds) throw missing(release, channel);
    progress(`installing the Gateway API CRDs ${release} (${channel} channel), as asked for; they stay`);
    await installCrds(kube, channel, options, release);
    return 'installed';
  }
  if (isAsAsked(there, consent)) {
    await tellUnserved(kube, there, progress);
    return 'there';
  }
  if (!consent.overwriteCrds) throw others(there, release, channel);
  progress(
    `overwriting the Gateway API CRDs ${describe(there)} with ${release} (${channel} channel), as asked for; they stay`,
  );
  await installCrds(kube, channel, options, release);
  return 'installed';
}

interface Installed {
  version: string;
  channel: string;
}

/** Of an older release: what it lacks is told here once, and with each scenario that needs it. */
async function tellUnserved(
  kube: KubeClient,
  there: Installed,
  progress: (line: string) => void,
): Promise<void> {
  const served = new Set((await kube.kindsOf(`${group}/v1`)).map(({ kind }) => kind));
  const notInV1 = kindsOfScenarios.filter((kind) => !served.has(kind));
  const infos = await Promise.all(notInV1.map((kind) => kube.kindInfo(kind)));
  const missing = infos.filter(({ apiVersion }) => apiVersion === `${group}/v1`).map(({ kind }) => kind);
  if (missing.length > 0)
    progress(
      `the CRDs ${describe(there)} do not serve ${missing.join(', ')} in v1: scenarios with them are left out`,
    );
  for (const { kind, apiVersion } of infos.filter(({ kind }) => !missing.includes(kind)))
    progress(`the CRDs ${describe(there)} serve ${kind} as ${apiVersion} alone: scenarios apply it so`);
}

/** undefined when nothing of Gateway API is there. */
async function crdsThere(kube: KubeClient): Promise<Installed | undefined> {
  try {
    return await installedCrds(kube);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  const groups = (await kube.send('GET', '/apis')) as { groups?: { name: string }[] };
  if (groups.groups?.some(({ name }) => name === group) !== true) return undefined;
  return { version: 'without grpcroutes', channel: 'unknown' };
}

/** Without a wish the run takes what is there, and is judged by it. */
function isAsAsked({ version, channel }: Installed, consent: CrdConsent): boolean {
  if (version === 'without grpcroutes') return false;
  const isRelease = consent.release === undefined || version === consent.release || !consent.overwriteCrds;
  return isRelease && (consent.channel === undefined || channel === consent.channel);
}

function describe({ version, channel }: Installed): string {
  return `${version} (${channel} channel)`;
}

function missing(release: OfficialRelease, channel: Channel): RouteproofError {
  return new RouteproofError('CRDS_MISSING', 'the cluster has no CRDs of Gateway API', {
    object: `grpcroutes.${group}`,
    seen: 'no such CustomResourceDefinition',
    hint: `have them installed with the implementation, or let this run install ${release} (${channel} channel) for the whole cluster: --install-crds`,
  });
}

function others(there: Installed, release: OfficialRelease, channel: Channel): RouteproofError {
  return new RouteproofError(
    'CRDS_MISSING',
    'the cluster has other CRDs of Gateway API than those asked for',
    {
      object: `grpcroutes.${group}`,
      seen: describe(there),
      hint: `leave --channel away to be judged by what is there, or let this run replace them by ${release} (${channel} channel) for the whole cluster: --overwrite-crds`,
    },
  );
}
