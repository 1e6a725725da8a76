import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ToolName } from '../../common/tools.ts';
import { useImages } from './images-file.ts';
import { isInside } from './inside.ts';

/** What has to be there before an implementation is installed. */
interface Needs {
  dns?: boolean;
  tools?: ToolName[];
}

/**
 * What the cluster for an implementation has to have. Its images are known to a cluster that is started from now on; what the user
 * maps still wins.
 *
 * @throws RouteproofError USAGE - an unknown name, with those that there are; INVALID_INPUT
 */
export async function implementationNeeds(name: string | undefined): Promise<Needs> {
  if (name === undefined || isInside()) return {};
  const { readImplementation } = await import('../../harness/implementations/implementation.ts');
  const { needs, dir } = readImplementation(name);
  const images = join(dir, 'images.yaml');
  if (existsSync(images)) useImages(images, process.env);
  return { dns: needs.dns, tools: needs.dns ? [...needs.tools, 'coredns'] : needs.tools };
}
