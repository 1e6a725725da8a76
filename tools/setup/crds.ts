import { existsSync } from 'node:fs';
import { cp, readdir, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { RouteproofError } from '../../common/errors.ts';
import { officialReleases } from '../../common/official-releases.ts';
import { toolDir } from '../../common/tools.ts';
import { downloadModule } from './go-module.ts';
import { replaceDir } from './replace-dir.ts';
import { say } from './say.ts';

/** The CRDs of a release, next to what else was made of the same pinned module. */
type CrdSource = 'gateway-api' | 'official-v1.7.0';

/** Copies the CRDs (both channels) out of the pinned Gateway API module; go.sum vouches for them. */
export async function unpackCrds(source: CrdSource = 'gateway-api'): Promise<void> {
  const directory = join(toolDir(source), 'crd');
  if (existsSync(directory)) return;
  say('Gateway API CRDs (seconds)');
  const module = await downloadModule(source, 'sigs.k8s.io/gateway-api');
  await replaceDir(directory, async (partial) => {
    for (const channel of ['standard', 'experimental']) {
      const target = join(partial, channel);
      await cp(join(module, 'config/crd', channel), target, { recursive: true });
      await makeWritable(target);
    }
  });
}

/**
 * The CRDs of one release alone.
 *
 * @throws RouteproofError USAGE, TOOL_MISSING
 */
export async function setUpCrds(release: string | undefined): Promise<void> {
  if (release === 'v1.6.3') await unpackCrds('gateway-api');
  else if (release === 'v1.7.0') await unpackCrds('official-v1.7.0');
  else
    throw new RouteproofError('USAGE', `no CRDs are pinned for release ${release ?? '(none)'}`, {
      hint: `one of ${officialReleases.join(', ')}`,
    });
}

/** The module cache is read-only, and a copy that is could not be replaced later. */
async function makeWritable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const name of await readdir(directory)) await chmod(join(directory, name), 0o644);
}
