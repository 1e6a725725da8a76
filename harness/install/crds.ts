import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RouteproofError } from '../../common/errors.ts';
import { officialReleases, type OfficialRelease } from '../../common/official-releases.ts';
import type { Channel } from '../../common/official-releases.ts';
import { crdDir } from '../../common/tools.ts';
import type { ReadyOptions } from '../base/ready.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KindInfo } from '../kube/kinds.ts';
import type { KubeObject, StatusCondition } from '../kube/objects.ts';
import { isConflict } from '../kube/refusal.ts';
import { untilReady } from '../wait/until.ts';

const versionAnnotation = 'gateway.networking.k8s.io/bundle-version';
const channelAnnotation = 'gateway.networking.k8s.io/channel';
const probeCrd = 'grpcroutes.gateway.networking.k8s.io';

interface Crd extends KubeObject {
  status?: { conditions?: StatusCondition[] };
}

interface CrdText {
  name: string;
  yaml: string;
}

/** Applies a pinned release's CRDs and waits until the API server serves them. */
export async function installCrds(
  kube: KubeClient,
  channel: Channel,
  options: ReadyOptions,
  release: OfficialRelease = officialReleases[0],
): Promise<void> {
  await installCrdsOf(kube, crdDir(channel, release), options);
}

/** Applies all CRDs of a folder's files and waits until the API server serves them. */
export async function installCrdsOf(kube: KubeClient, dir: string, options: ReadyOptions): Promise<void> {
  const files = (await readdir(dir)).filter(
    (file) => file.endsWith('.yaml') && file !== 'kustomization.yaml',
  );
  const texts = await Promise.all(files.map((file) => readFile(join(dir, file), 'utf8')));
  // The release's admission policy is no CRD: see upgrade-policy.ts.
  const crds = texts.flatMap((text) => text.split(/^---$/m)).flatMap(crdIn);
  const info = await kube.kindInfo('CustomResourceDefinition');
  await Promise.all(crds.map((crd) => install(kube, info, crd)));
  await Promise.all(crds.map(({ name }) => established(name, options)));
}

/** One that is new is created: an apply of so many fields takes the API server twice the CPU. */
async function install(kube: KubeClient, info: KindInfo, { name, yaml }: CrdText): Promise<void> {
  try {
    await kube.createText(info, yaml);
  } catch (error) {
    if (!isConflict(error)) throw error;
    await kube.applyText(info, name, yaml);
  }
}

/** The name of a CRD is all that is read of it: 1.5 MB of schemas take half a second to parse. */
function crdIn(yaml: string): CrdText[] {
  if (!/^kind: CustomResourceDefinition$/m.test(yaml)) return [];
  const name = /^ {2}name: (\S+)$/m.exec(yaml)?.[1];
  return name === undefined ? [] : [{ name, yaml }];
}

async function established(name: string, options: ReadyOptions): Promise<void> {
  const { watches, clock, signal, limitMs } = options;
  const watch = await watches.of('CustomResourceDefinition', undefined);
  const outcome = await untilReady(
    { current: () => watch.get(name), listen: (changed) => watch.listen(changed) },
    (object) => isEstablished(object as Crd | undefined),
    { limitMs, graceMs: 0, clock, signal },
  );
  if (outcome.verdict !== 'wrong') return;
  throw new RouteproofError('CRD_NOT_SERVED', 'the API server does not serve a CRD', {
    object: `CustomResourceDefinition ${name}`,
    seen: JSON.stringify((outcome.object as Crd | undefined)?.status?.conditions ?? 'no such object'),
    hint: 'kubectl describe crd says what the API server has against it; the log of kube-apiserver says more',
  });
}

function isEstablished(crd: Crd | undefined): boolean {
  return (
    crd?.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') ?? false
  );
}

/** Which release of Gateway API the cluster has. @throws RouteproofError API_UNREACHABLE */
export async function installedCrds(kube: KubeClient): Promise<{ version: string; channel: string }> {
  const info = await kube.kindInfo('CustomResourceDefinition');
  const { metadata } = await kube.get<KubeObject>(info, undefined, probeCrd);
  return {
    version: metadata?.annotations?.[versionAnnotation] ?? 'unknown',
    channel: metadata?.annotations?.[channelAnnotation] ?? 'unknown',
  };
}
