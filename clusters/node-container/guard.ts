import { createReadStream } from 'node:fs';
import type { ContainerEngine } from '../../common/container-engine.ts';
import type { NodeRecipe } from './node-recipe.ts';
import { detachWord } from './start-guard.ts';

/**
 * For a process of its own that outlives the caller and takes its cluster away: a node is the engine's child, which no death of ours ends.
 * The caller holds the other end of standard input. Arguments: the cluster's name, the engine as JSON.
 */
export function guardCluster({ remove, store }: Pick<NodeRecipe, 'remove' | 'store'>): void {
  const [name = '', engine = '{}'] = process.argv.slice(2);
  let said = '';
  createReadStream('', { fd: 0, encoding: 'utf8' })
    .on('data', (text) => (said += String(text)))
    .once('close', () => {
      if (said === detachWord) return;
      void remove(JSON.parse(engine) as ContainerEngine, name).then(() => store.remove(name));
    });
}
