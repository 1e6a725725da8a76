import type { OfficialRelease } from '../../common/official-releases.ts';
import type { ToolName } from '../../common/tools.ts';
import { isInside } from '../cluster/inside.ts';
import { setUpNodes, setUpTools } from '../cluster/tool-set-up.ts';

/**
 * What has to be right or there before a cluster is started for a run. Outside the cluster's network, which has no way to the registries.
 *
 * @throws RouteproofError USAGE - an unknown profile, with near matches; TOOL_MISSING
 */
export async function prepareRun(of: {
  profile: string;
  gatewayApiVersion?: OfficialRelease;
  /** Of those that are only made when something needs them. */
  tools?: ToolName[];
  cluster?: string;
}): Promise<void> {
  if (isInside()) return;
  if (of.profile !== 'standard') {
    const { mustBeProfile } = await import('../../harness/profiles/profile.ts');
    mustBeProfile(of.profile);
  }
  if (of.gatewayApiVersion !== undefined) {
    const { setUpCrds } = await import('../official/official-set-up.ts');
    await setUpCrds(of.gatewayApiVersion);
  }
  await setUpTools(of.tools ?? []);
  if (of.cluster === 'kind' || of.cluster === 'k3s') await setUpNodes(of.cluster);
}
