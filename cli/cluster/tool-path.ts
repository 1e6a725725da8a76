import { delimiter, dirname } from 'node:path';
import { hasTool, toolNames, toolPath } from '../../common/tools.ts';

/** PATH with the pinned kubectl, grpcurl and k6 first, so that a guide's commands run as they are written. */
export function pathWithTools(): string {
  const directories = toolNames.filter(hasTool).map((name) => dirname(toolPath(name)));
  return [...new Set(directories), process.env['PATH'] ?? ''].join(delimiter);
}
