/**
 * Everything a fresh machine needs beyond Node.js and npm packages (tools/setup.sh brings those). Each step looks first and does
 * nothing when its result is there, so a second run takes well under a second.
 *
 * Usage: node tools/setup.ts conformance|test
 */
import { messageOf, RouteproofError } from '../common/errors.ts';
import { buildBinaries } from './setup/binaries.ts';
import { fillCompileCache } from './setup/compile-cache.ts';
import { unpackCrds } from './setup/crds.ts';
import { installDebianPackages } from './setup/debian.ts';
import { installEnvoy } from './setup/envoy.ts';
import { say } from './setup/say.ts';

async function main(goal: string | undefined): Promise<void> {
  if (goal !== 'conformance' && goal !== 'test') {
    throw new RouteproofError('USAGE', `unknown goal ${goal ?? '(none)'}`, {
      hint: 'tools/setup.sh conformance|test',
    });
  }
  const startedMs = Date.now();
  await installDebianPackages(goal);
  await installEnvoy();
  await unpackCrds();
  await buildBinaries();
  await fillCompileCache();
  const seconds = (Date.now() - startedMs) / 1000;
  if (seconds > 2) say(`done in ${seconds.toFixed(0)} s`);
}

try {
  await main(process.argv[2]);
} catch (error) {
  say(messageOf(error));
  process.exitCode = 3;
}
