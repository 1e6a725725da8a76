import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from './run.ts';

/** Writes run.json whole or not at all. @returns its path */
export async function writeRun(run: Run, outDir: string): Promise<string> {
  await mkdir(outDir, { recursive: true });
  const path = join(outDir, 'run.json');
  await writeFile(`${path}.part`, `${JSON.stringify(run, null, 2)}\n`);
  await rename(`${path}.part`, path);
  return path;
}
