import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OfficialRelease, Channel } from '../../common/official-releases.ts';
import { crdDir } from '../../common/tools.ts';
import { parseManifest } from '../manifests/manifest.ts';
import type { ReadyOptions } from '../base/ready.ts';
import { policyName, untilPolicy } from '../crds/upgrade-policy.ts';

/** Whether the policy is part of what is installed: other CRDs may be tried on a cluster that lives on, and experimental ones over others. */
export function withPolicy({ ownCluster }: { ownCluster: boolean }, channel: Channel): boolean {
  return ownCluster && channel === 'standard';
}

/**
 * Applies the admission policy that comes with the standard channel's CRDs, as its install bundle does, and waits until it is in force.
 * It forbids other versions of the CRDs, which on a cluster that lives on is for its owner to decide.
 *
 * @throws RouteproofError CRD_NOT_SERVED - the API server does not use it
 */
export async function installUpgradePolicy(release: OfficialRelease, options: ReadyOptions): Promise<void> {
  const { kube } = options;
  const file = 'gateway.networking.k8s.io_vap_safeupgrades.yaml';
  const text = await readFile(join(crdDir('standard', release), file), 'utf8');
  for (const { object } of parseManifest(text, file)) await kube.apply(object);
  await untilPolicy((refusal) => refusal?.includes(policyName) === true, options);
}
