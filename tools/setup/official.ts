import { RouteproofError } from '../../common/errors.ts';
import { officialReleases, type OfficialRelease } from '../../common/official-releases.ts';
import { buildBinaries, type Binary } from './binaries.ts';
import { unpackCrds } from './crds.ts';

/** The backend that the suite's manifests run; both releases' manifests get on with this one. */
const echoBasic: Binary = {
  name: 'echo-basic',
  source: 'official-v1.6.3',
  goPackage: 'sigs.k8s.io/gateway-api/conformance/echo-basic',
  expected: '30 s',
};

/**
 * Compiles the unmodified official conformance suite of a release, and the backend image that it calls.
 *
 * @throws RouteproofError USAGE, TOOL_MISSING
 */
export async function setUpOfficialSuite(release: string | undefined): Promise<void> {
  const known = officialReleases.find((one) => one === release);
  if (known === undefined) {
    throw new RouteproofError('USAGE', `unknown release ${release ?? '(none)'} of the official suite`, {
      hint: `one of ${officialReleases.join(', ')}`,
    });
  }
  await buildBinaries([echoBasic, suiteOf(known)], 'about 4 min on two cores');
  if (known !== 'v1.6.3') await unpackCrds(`official-${known}`);
}

function suiteOf(release: OfficialRelease): Binary {
  return {
    name: `official-${release}`,
    source: `official-${release}`,
    goPackage: 'sigs.k8s.io/gateway-api/conformance',
    expected: '3 min',
    tests: true,
  };
}
