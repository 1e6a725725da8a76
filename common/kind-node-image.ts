import { basename } from 'node:path';
import { toolDir } from './tools.ts';

/** The name of the node image that set-up makes where kind's cannot be pulled: another one for each version of what is in it. */
export function kindNodeImage(): string {
  return `localhost/routeproof/${basename(toolDir('kind-node')).replace(/-(?=[0-9a-f]+$)/, ':')}`;
}

/** On images that set-up has made for the nodes of kind and k3s: the name that pods know them by. */
export const nodeImageLabel = 'routeproof.dev/node-image';
