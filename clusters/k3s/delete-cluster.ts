import { execa } from 'execa';
import type { ContainerEngine } from '../../common/container-engine.ts';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { clusterLabel, deletionOf, nodeOf } from './k3s-state.ts';

/** Deletes the node with its volumes, if there is one. @throws RouteproofError CLUSTER_NOT_CLEAN */
export async function deleteK3sCluster(engine: ContainerEngine, name: string): Promise<void> {
  const run = async (...args: string[]): Promise<string> => {
    // In a process group of its own: what ends us must not end this.
    const options = { env: engine.env, stdin: 'ignore', detached: true } as const;
    return (await execa(engine.name, args, options)).stdout;
  };
  try {
    const ids = await run('ps', '--all', '--quiet', '--filter', `label=${clusterLabel}=${name}`);
    for (const id of ids.split('\n').filter(Boolean)) await run('rm', '--force', '--volumes', id);
  } catch (cause) {
    throw new RouteproofError('CLUSTER_NOT_CLEAN', 'the k3s cluster could not be deleted', {
      object: `container ${nodeOf(name)}`,
      seen: messageOf(cause),
      hint: `delete it with: ${deletionOf(name, engine.name)}`,
      cause,
    });
  }
}
