import { join } from 'node:path';
import { execa } from 'execa';
import { RouteproofError } from '../common/errors.ts';
import { hasTool, projectRoot, type ToolName } from '../common/tools.ts';

/**
 * Makes those of `names` that the tool cache lacks, minutes once a machine; its progress goes to stderr.
 *
 * @throws RouteproofError TOOL_MISSING
 */
export async function setUpTools(names: ToolName[]): Promise<void> {
  const missing = names.filter((name) => !hasTool(name));
  if (missing.length === 0) return;
  const { failed } = await execa(join(projectRoot, 'tools/setup.sh'), ['tools', ...missing], {
    stdio: ['ignore', 2, 2],
    reject: false,
  });
  if (!failed) return;
  throw new RouteproofError('TOOL_MISSING', 'what this needs could not be made', {
    object: missing.join(', '),
    seen: 'see above',
    hint: `run again: tools/setup.sh tools ${missing.join(' ')}`,
  });
}
