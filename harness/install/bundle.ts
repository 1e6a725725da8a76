import { officialReleases, type OfficialRelease } from '../../common/official-releases.ts';
import { servedRelease } from '../clauses/release.ts';
import type { KubeClient } from '../kube/client.ts';
import { isNotFound } from '../kube/refusal.ts';
import { installedCrds } from './crds.ts';
import type { Channel } from '../../common/official-releases.ts';

/** What is asked for; what is left open is as the cluster has it. */
export interface Asked {
  release?: OfficialRelease;
  channel?: Channel;
}

/** Which CRDs to install: those asked for, else those of the release and channel that are there, else the default ones. */
export async function bundleFor(kube: KubeClient, asked: Asked): Promise<Required<Asked>> {
  const there = await installedCrds(kube).catch((error: unknown) => {
    if (isNotFound(error)) return { version: 'none', channel: 'none' };
    throw error;
  });
  return {
    release: asked.release ?? servedRelease(there.version) ?? officialReleases[0],
    channel: asked.channel ?? (there.channel === 'experimental' ? 'experimental' : 'standard'),
  };
}

/** The release whose clauses a run is judged by: the one asked for, else by the version of the installed CRDs. */
export function releaseToJudge(
  asked: OfficialRelease | undefined,
  version: string,
  progress: (line: string) => void,
): OfficialRelease {
  const release = asked ?? servedRelease(version) ?? officialReleases[0];
  if (release !== version) progress(`the CRDs are of ${version}: judged by the clauses of ${release}`);
  return release;
}
