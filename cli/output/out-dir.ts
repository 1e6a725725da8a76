import { join, resolve } from 'node:path';
import { codeExtension, projectRoot } from '../../common/tools.ts';

/** In a checkout always at the same place, else where the user is. */
const defaultOut = join(codeExtension === '.ts' ? projectRoot : process.cwd(), 'reports/out');

/** `--out` as it is, else reports/out/<UTC time>-<command>, e.g. 2026-01-31T12-00-00Z-conformance. */
export function outDir(out: string | undefined, command: string, now: Date): string {
  if (out !== undefined) return resolve(out);
  const time = now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  return join(defaultOut, `${time}-${command}`);
}
