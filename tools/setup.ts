/**
 * Everything a fresh machine needs beyond Node.js and npm packages (tools/setup.sh brings those). Each step looks first and does
 * nothing when its result is there, so a second run takes well under a second.
 *
 * Usage: node tools/setup.ts conformance [CLUSTER] (with `local` it ends where that cluster cannot be hosted), or test, or official RELEASE
 * (the official suite's binaries alone), or crds RELEASE, or tools NAME... (what only some commands need), or kind, or k3s (images for the
 * nodes of such clusters)
 */
import { clusterProviders } from '../common/cluster-providers.ts';
import { exitCodeOf, messageOf, RouteproofError } from '../common/errors.ts';
import { buildClusterBinaries } from './setup/binaries.ts';
import { checkHost } from './setup/check-host.ts';
import { fillCompileCache } from './setup/compile-cache.ts';
import { setUpCrds, unpackCrds } from './setup/crds.ts';
import { installPrograms } from './setup/debian.ts';
import { installEnvoy } from './setup/envoy.ts';
import { setUpK3s } from './setup/kind-node/set-up-k3s.ts';
import { setUpKind } from './setup/kind-node/set-up-kind.ts';
import { setUpTools } from './setup/on-demand.ts';
import { setUpOfficialSuite } from './setup/official.ts';
import { say } from './setup/say.ts';

/** The report's page is tested in it. */
const browser = {
  programs: ['chromium', 'chromium-browser', 'google-chrome'],
  debianPackage: 'chromium',
};

async function main(goal: string | undefined, names: string[]): Promise<void> {
  const [release] = names;
  const startedMs = Date.now();
  if (goal === 'official') await setUpOfficialSuite(release);
  else if (goal === 'crds') await setUpCrds(release);
  else if (goal === 'tools') await setUpTools(names);
  else if (goal === 'kind') await setUpKind();
  else if (goal === 'k3s') await setUpK3s();
  else if (goal === 'conformance' || goal === 'test') await setUpCluster(goal, names[0]);
  else
    throw new RouteproofError('USAGE', `unknown goal ${goal ?? '(none)'}`, {
      hint: 'tools/setup.sh conformance [CLUSTER], or test|kind|k3s, or official|crds RELEASE, or tools NAME...',
    });
  const seconds = (Date.now() - startedMs) / 1000;
  if (seconds > 2) say(`done in ${seconds.toFixed(0)} s`);
}

/** @param cluster - what it is for, where that is known */
async function setUpCluster(goal: 'conformance' | 'test', cluster?: string): Promise<void> {
  const known: readonly string[] = clusterProviders;
  if (cluster !== undefined && !known.includes(cluster))
    throw new RouteproofError('USAGE', `unknown cluster ${cluster}`, {
      hint: `one of ${known.join(', ')}`,
    });
  const warning = await checkHost(cluster);
  if (warning !== undefined) say(warning);
  if (goal === 'test' && process.env['CHROMIUM_PATH'] === undefined) await installPrograms([browser]);
  await installEnvoy();
  await unpackCrds();
  await buildClusterBinaries();
  await fillCompileCache();
}

try {
  await main(process.argv[2], process.argv.slice(3));
} catch (error) {
  say(messageOf(error));
  process.exitCode = exitCodeOf(error);
}
