import { join } from 'node:path';
import { projectRoot } from '../../common/tools.ts';

/** The k6 script of a benchmark. */
export function loadScript(subject: string): string {
  return join(projectRoot, 'suites', 'load', `${subject}.k6.ts`);
}
