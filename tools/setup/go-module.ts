import { join } from 'node:path';
import { execa } from 'execa';
import { RouteproofError } from '../../common/errors.ts';
import { projectRoot, type ToolSource } from '../../common/tools.ts';
import { findGo } from './go.ts';

/**
 * Where the module cache has a module of tools/SOURCE/go.mod, fetched if need be; go.sum vouches for it.
 *
 * @throws RouteproofError TOOL_MISSING
 */
export async function downloadModule(source: ToolSource, module: string): Promise<string> {
  const go = await findGo(source);
  const result = await execa(go, ['mod', 'download', '-json', module], {
    cwd: join(projectRoot, 'tools', source),
    env: { GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' },
    reject: false,
  });
  const answer = result.failed ? {} : (JSON.parse(result.stdout) as { Dir?: string });
  if (answer.Dir !== undefined) return answer.Dir;
  throw new RouteproofError('TOOL_MISSING', `could not fetch the module ${module}`, {
    seen: result.stdout || result.stderr,
    hint: 'a connection to the Go module proxy is needed; run the command again',
  });
}
