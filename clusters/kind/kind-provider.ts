import { mkdirSync } from 'node:fs';
import { codeExtension, toolPath } from '../../common/tools.ts';
import { NodeProvider } from '../node-container/node-provider.ts';
import type { NodeRecipe } from '../node-container/node-recipe.ts';
import { createCluster } from './create-cluster.ts';
import { deleteKindCluster } from './delete-cluster.ts';
import { deletionOf, kindStore, nodeOf } from './kind-state.ts';

const recipe: NodeRecipe = {
  provider: 'kind',
  store: kindStore,
  guardScript: new URL(`guard${codeExtension}`, import.meta.url),
  nodeOf,
  deletionOf,
  check: () => void toolPath('kind'),
  create: async (making) => {
    ensureModulesDir();
    return createCluster(recipe, making);
  },
  remove: deleteKindCluster,
};

/** A cluster of kind: one node in a container of Docker or podman. */
export class KindProvider extends NodeProvider {
  constructor() {
    super(recipe);
  }
}

/** kind mounts it into every node, and podman does not make it; Docker does, in the same way. */
function ensureModulesDir(): void {
  if (process.platform === 'linux' && process.getuid?.() === 0)
    mkdirSync('/lib/modules', { recursive: true });
}
