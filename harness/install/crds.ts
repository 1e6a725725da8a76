import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RouteproofError } from '../../common/errors.ts';
import { crdDir } from '../../common/tools.ts';
import { parseManifest } from '../apply/manifest.ts';
import type { ReadyOptions } from '../base/ready.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject, StatusCondition } from '../kube/objects.ts';
import { untilReady } from '../wait/until.ts';

export type Channel = 'standard' | 'experimental';

const versionAnnotation = 'gateway.networking.k8s.io/bundle-version';
const channelAnnotation = 'gateway.networking.k8s.io/channel';
const probeCrd = 'grpcroutes.gateway.networking.k8s.io';

interface Crd extends KubeObject {
  status?: { conditions?: StatusCondition[] };
}

/** Applies the pinned release's CRDs and waits until the API server serves them. */
export async function installCrds(kube: KubeClient, channel: Channel, options: ReadyOptions): Promise<void> {
  const dir = crdDir(channel);
  const files = (await readdir(dir)).filter(
    (file) => file.endsWith('.yaml') && file !== 'kustomization.yaml',
  );
  const objects = await Promise.all(
    files.map(async (file) => parseManifest(await readFile(join(dir, file), 'utf8'), file)),
  );
  const all = objects.flat().map(({ object }) => object);
  // The release's admission policy forbids other versions of its CRDs: of no use on a cluster that this run owns.
  const crds = all.filter((object) => object.kind === 'CustomResourceDefinition');
  await Promise.all(crds.map((crd) => kube.apply(crd)));
  await Promise.all(crds.map((crd) => established(crd.metadata?.name ?? '', options)));
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
  throw new RouteproofError('CLUSTER_START_FAILED', 'the API server does not serve a CRD', {
    object: `CustomResourceDefinition ${name}`,
    seen: JSON.stringify((outcome.object as Crd | undefined)?.status?.conditions ?? 'no such object'),
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
