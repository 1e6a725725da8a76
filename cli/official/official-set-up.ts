import { join } from 'node:path';
import { execa } from 'execa';
import { RouteproofError } from '../../common/errors.ts';
import type { OfficialRelease } from '../../common/official-releases.ts';
import { hasCrds, hasTool, projectRoot } from '../../common/tools.ts';
import { useImages } from '../cluster/images-file.ts';

/**
 * Compiles the suite where the tool cache lacks it, a few minutes once a machine; its progress goes to stderr.
 *
 * @throws RouteproofError TOOL_MISSING
 */
export async function setUpOfficialSuite(release: OfficialRelease): Promise<void> {
  if (hasTool('echo-basic') && hasTool(`official-${release}`)) return;
  const { failed } = await execa(join(projectRoot, 'tools/setup.sh'), ['official', release], {
    stdio: ['ignore', 2, 2],
    reject: false,
  });
  if (!failed) return;
  throw new RouteproofError('TOOL_MISSING', 'the official suite could not be compiled', {
    object: `release ${release}`,
    seen: 'see above',
    hint: `run again: tools/setup.sh official ${release}`,
  });
}

/**
 * Fetches the CRDs of a release where the tool cache lacks them, seconds once a machine; its progress goes to stderr.
 *
 * @throws RouteproofError TOOL_MISSING
 */
export async function setUpCrds(release: OfficialRelease): Promise<void> {
  if (hasCrds(release)) return;
  const { failed } = await execa(join(projectRoot, 'tools/setup.sh'), ['crds', release], {
    stdio: ['ignore', 2, 2],
    reject: false,
  });
  if (!failed) return;
  throw new RouteproofError('TOOL_MISSING', 'the Gateway API CRDs could not be fetched', {
    object: `release ${release}`,
    seen: 'see above',
    hint: `run again: tools/setup.sh crds ${release}`,
  });
}

/** A cluster started from now on runs the suite's own backend; what the user maps still wins. */
export function useOfficialImages(env: NodeJS.ProcessEnv): void {
  useImages(join(projectRoot, 'harness', 'official', 'images.yaml'), env);
}
