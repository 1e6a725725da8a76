import { checkNamespaces, checkSystem, checkSystemPrograms } from '../../common/local-host.ts';
import { toolPath } from '../../common/tools.ts';
import type { ToolName } from '../../common/tools.ts';

const binaries: ToolName[] = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-proxy'];

/**
 * Looks for all that a local cluster needs before anything is made.
 *
 * @throws RouteproofError TOOL_MISSING, USER_NAMESPACES_FORBIDDEN, CLUSTER_START_FAILED
 */
export async function checkPrerequisites({ dns = false } = {}): Promise<void> {
  checkSystem();
  for (const name of dns ? [...binaries, 'coredns' as const] : binaries) toolPath(name);
  checkSystemPrograms();
  await checkNamespaces();
}
