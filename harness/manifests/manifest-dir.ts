import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeObject } from '../kube/objects.ts';
import { parseManifest } from './manifest.ts';

/** Every object of a folder's *.yaml files, file by file in order of their names. @throws ManifestError */
export async function readManifests(dir: string): Promise<KubeObject[]> {
  const files = (await readdir(dir)).filter((file) => file.endsWith('.yaml')).sort();
  const parsed = await Promise.all(
    files.map(async (file) => parseManifest(await readFile(join(dir, file), 'utf8'), join(dir, file))),
  );
  return parsed.flat().map(({ object }) => object);
}
