import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Payload } from './payload.ts';

const currentLink = '..data';

/**
 * Writes a volume's files so that a reader sees all of the old ones or all of the new ones, as a kubelet does it: each version in a
 * directory of its own, a link ..data to the current one that is replaced by rename, and links for the files through it.
 */
export async function writePayload(dir: string, payload: Payload): Promise<void> {
  await mkdir(dir, { recursive: true });
  const version = `..${new Date().toISOString().replaceAll(/[-:]/g, '_')}.${process.hrtime.bigint()}`;
  for (const [path, { content, mode }] of Object.entries(payload)) {
    const file = join(dir, version, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    // Not as an option of writeFile, where the umask would take bits away.
    await chmod(file, mode);
  }
  await mkdir(join(dir, version), { recursive: true });
  const current = join(dir, currentLink);
  const previous = existsSync(current) ? await readlink(current) : undefined;
  await symlink(version, join(dir, '..data_tmp'));
  await rename(join(dir, '..data_tmp'), current);
  await linkTopLevel(dir, payload);
  if (previous !== undefined) await rm(join(dir, previous), { recursive: true, force: true });
}

async function linkTopLevel(dir: string, payload: Payload): Promise<void> {
  const wanted = new Set(Object.keys(payload).map((path) => path.split('/')[0] ?? path));
  const present = new Set(readdirSync(dir).filter((name) => !name.startsWith('..')));
  for (const name of wanted) {
    if (!present.has(name)) await symlink(join(currentLink, name), join(dir, name));
  }
  for (const name of present) {
    if (!wanted.has(name)) await rm(join(dir, name));
  }
}
