import { existsSync } from 'node:fs';
import { cp, readdir, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { RouteproofError } from '../../common/errors.ts';
import { projectRoot, toolDir } from '../../common/tools.ts';
import { findGo } from './go.ts';
import { replaceDir } from './replace-dir.ts';
import { say } from './say.ts';

/** Copies the CRDs (both channels) out of the pinned Gateway API module; go.sum vouches for them. */
export async function unpackCrds(): Promise<void> {
  const directory = toolDir('gateway-api');
  if (existsSync(directory)) return;
  say('Gateway API CRDs (seconds)');
  const module = await downloadModule(await findGo());
  await replaceDir(directory, async (partial) => {
    for (const channel of ['standard', 'experimental']) {
      const target = join(partial, 'crd', channel);
      await cp(join(module, 'config/crd', channel), target, { recursive: true });
      await makeWritable(target);
    }
  });
}

async function downloadModule(go: string): Promise<string> {
  const result = await execa(go, ['mod', 'download', '-json', 'sigs.k8s.io/gateway-api'], {
    cwd: join(projectRoot, 'tools/gateway-api'),
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
