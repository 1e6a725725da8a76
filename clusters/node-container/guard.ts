import { text } from 'node:stream/consumers';
import type { ContainerEngine } from '../../common/container-engine.ts';
import type { NodeRecipe } from './node-recipe.ts';
import { detachWord } from './start-guard.ts';

/**
 * For a process of its own that outlives the caller and takes its cluster away: a node is the engine's child, which no death of ours ends.
 * The caller holds the other end of standard input. Arguments: the cluster's name, the engine as JSON.
 */
export async function guardCluster({ remove, store }: Pick<NodeRecipe, 'remove' | 'store'>): Promise<void> {
  const [name = '', engine = '{}'] = process.argv.slice(2);
  // A caller that is killed may leave an error for an end.
  const said = await text(process.stdin).catch(() => '');
  if (said === detachWord) return;
  await remove(JSON.parse(engine) as ContainerEngine, name);
  store.remove(name);
}
