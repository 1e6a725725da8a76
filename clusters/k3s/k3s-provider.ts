import { k3sImage } from '../../common/k3s-image.ts';
import { codeExtension, toolPath } from '../../common/tools.ts';
import { NodeProvider } from '../node-container/node-provider.ts';
import type { NodeRecipe } from '../node-container/node-recipe.ts';
import { createCluster } from './create-cluster.ts';
import { deleteK3sCluster } from './delete-cluster.ts';
import { deletionOf, k3sStore, nodeOf } from './k3s-state.ts';

/** k3s says that it is ready after 15 to 30 s on an idle machine; 180 s are what kind's node is given. */
const defaultTimeoutMs = 180_000;

/** A cluster of k3s: one node in a container that testcontainers starts. */
export class K3sProvider extends NodeProvider {
  /** @param startTimeoutMs - from the container's start to k3s's word that it is ready, in milliseconds */
  constructor(startTimeoutMs = defaultTimeoutMs) {
    super(recipeFor(startTimeoutMs));
  }
}

function recipeFor(startTimeoutMs: number): NodeRecipe {
  const recipe: NodeRecipe = {
    provider: 'k3s',
    store: k3sStore,
    guardScript: new URL(`guard${codeExtension}`, import.meta.url),
    nodeOf,
    deletionOf,
    check: () => {
      toolPath('kubectl');
      k3sImage();
    },
    create: (making) => createCluster(recipe, making, startTimeoutMs),
    remove: deleteK3sCluster,
  };
  return recipe;
}
