import { execa } from 'execa';
import type { ContainerEngine } from '../../common/container-engine.ts';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { toolPath } from '../../common/tools.ts';
import { deletionOf, kindName } from './kind-state.ts';

/** Variables with which kind uses an engine. */
export function kindEnv({ name, env }: ContainerEngine): Record<string, string> {
  return { ...env, KIND_EXPERIMENTAL_PROVIDER: name };
}

/** Deletes the cluster with its node and volumes, if there is one. @throws RouteproofError CLUSTER_NOT_CLEAN */
export async function deleteKindCluster(engine: ContainerEngine, name: string): Promise<void> {
  const args = ['delete', 'cluster', '--name', kindName(name), '--kubeconfig', '/dev/null'];
  try {
    // In a process group of its own: what ends us must not end this.
    await execa(toolPath('kind'), args, { env: kindEnv(engine), stdin: 'ignore', detached: true });
  } catch (cause) {
    throw new RouteproofError('CLUSTER_NOT_CLEAN', 'the kind cluster could not be deleted', {
      object: `kind cluster ${kindName(name)}`,
      seen: messageOf(cause),
      hint: `delete it with: ${deletionOf(name, engine.name)}`,
      cause,
    });
  }
}
