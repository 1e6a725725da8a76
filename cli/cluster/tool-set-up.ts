import { join } from 'node:path';
import { execa } from 'execa';
import { RouteproofError } from '../../common/errors.ts';
import { hasTool, projectRoot, type ToolName } from '../../common/tools.ts';

/**
 * Makes those of `names` that the tool cache lacks, minutes once a machine; its progress goes to stderr.
 *
 * @throws RouteproofError TOOL_MISSING
 */
export async function setUpTools(names: ToolName[]): Promise<void> {
  const missing = names.filter((name) => !hasTool(name));
  if (missing.length === 0 || (await runSetUp(['tools', ...missing]))) return;
  throw new RouteproofError('TOOL_MISSING', 'what this needs could not be made', {
    object: missing.join(', '),
    seen: 'see above',
    hint: `run again: tools/setup.sh tools ${missing.join(' ')}`,
  });
}

/**
 * Makes what clusters of containers need: the binary of kind, and images anew where a source has changed.
 *
 * @throws RouteproofError TOOL_MISSING
 */
export async function setUpNodes(cluster: 'kind' | 'k3s'): Promise<void> {
  if (await runSetUp([cluster])) return;
  throw new RouteproofError('TOOL_MISSING', `what clusters of ${cluster} need could not be made`, {
    seen: 'see above',
    hint: `run again: tools/setup.sh ${cluster}`,
  });
}

async function runSetUp(args: string[]): Promise<boolean> {
  const { failed } = await execa(join(projectRoot, 'tools/setup.sh'), args, {
    stdio: ['ignore', 2, 2],
    reject: false,
  });
  return !failed;
}
