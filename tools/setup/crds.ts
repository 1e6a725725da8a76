import { existsSync } from 'node:fs';
import { cp, readdir, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { RouteproofError } from '../../common/errors.ts';
import { officialReleases } from '../../common/official-releases.ts';
import { projectRoot, toolDir } from '../../common/tools.ts';
import { findGo } from './go.ts';
import { replaceDir } from './replace-dir.ts';
import { say } from './say.ts';

/** The CRDs of a release, next to what else was made of the same pinned module. */
type CrdSource = 'gateway-api' | 'official-v1.7.0';

/** Copies the CRDs (both channels) out of the pinned Gateway API module; go.sum vouches for them. */
export async function unpackCrds(source: CrdSource = 'gateway-api'): Promise<void> {
  const directory = join(toolDir(source), 'crd');
  if (existsSync(directory)) return;
  say('Gateway API CRDs (seconds)');
  const module = await downloadModule(source);
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

async function downloadModule(source: CrdSource): Promise<string> {
  const go = await findGo(source);
  const result = await execa(go, ['mod', 'download', '-json', 'sigs.k8s.io/gateway-api'], {
    cwd: join(projectRoot, 'tools', source),
    env: { GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' },
    reject: false,
  });
  const answer = result.failed ? {} : (JSON.parse(result.stdout) as { Dir?: string });
  if (answer.Dir !== undefined) return answer.Dir;
  throw new RouteproofError('TOOL_MISSING', 'could not fetch the Gateway API module', {
    seen: result.stdout || result.stderr,
    hint: 'a connection to the Go module proxy is needed; run the command again',
  });
}

/** The module cache is read-only, and a copy that is could not be replaced later. */
async function makeWritable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const name of await readdir(directory)) await chmod(join(directory, name), 0o644);
}
