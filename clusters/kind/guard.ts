import { createReadStream } from 'node:fs';
import { deleteKindCluster } from './delete-cluster.ts';
import { detachWord } from './start-guard.ts';
import { removeKindState } from './kind-state.ts';
import type { ContainerEngine } from '../../common/container-engine.ts';

/**
 * A process of its own that outlives the caller and takes its cluster away: a node is the engine's child, which no death of ours ends.
 * The caller holds the other end of standard input.
 */
const [name = '', engine = '{}'] = process.argv.slice(2);
let said = '';
createReadStream('', { fd: 0, encoding: 'utf8' })
  .on('data', (text) => (said += String(text)))
  .once('close', () => {
    if (said === detachWord) return;
    void deleteKindCluster(JSON.parse(engine) as ContainerEngine, name).then(() => removeKindState(name));
  });
