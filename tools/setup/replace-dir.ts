import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Fills a new directory beside `target` and renames it into place, so that an interrupted set-up never leaves half a result.
 * An earlier `target` is replaced.
 */
export async function replaceDir(target: string, fill: (directory: string) => Promise<void>): Promise<void> {
  const partial = `${target}.partial.${process.pid}`;
  await mkdir(dirname(target), { recursive: true });
  await mkdir(partial);
  try {
    await fill(partial);
    await rm(target, { recursive: true, force: true });
    await rename(partial, target);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
