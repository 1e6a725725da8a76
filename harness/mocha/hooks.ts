/** Loaded by .mocharc.yaml, so that `npx mocha suites/header/exact.spec.ts` works: enters a cluster, runs the engine. */
import { createRequire } from 'node:module';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { ConformanceSession } from '../run/conformance-session.ts';
import { writeRun } from '../results/write-run.ts';
import { setCurrentEngine } from '../scenario/engine.ts';
import { registeredScenarios } from '../specs/registry.ts';
import { readClauseIndex } from '../clauses/clause-facts.ts';
import { validateScenarios } from '../specs/validate.ts';
import { clusterVariable, enterCluster, isInsideCluster } from './enter.ts';

const progress = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

let session: ConformanceSession | undefined;

/** Outside of a cluster nothing is run here: the same command runs inside of one, and this process takes over its exit code. */
export async function mochaGlobalSetup(): Promise<void> {
  if (isInsideCluster()) return;
  const unit = process.argv.find((argument) => /^[^-*]*\.test\.ts$/.test(argument));
  if (unit !== undefined) {
    progress(`${unit} is a test of the harness, no scenario: run \`npx mocha --no-config ${unit}\``);
    process.exit(2);
  }
  try {
    process.exit(await enterCluster(progress));
  } catch (error) {
    progress(error instanceof RouteproofError ? error.message : messageOf(error));
    process.exit(3);
  }
}

export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout(0);
    validateScenarios(registeredScenarios(), readClauseIndex());
    const [provider = 'kubeconfig', name = 'current'] = (process.env[clusterVariable] ?? '').split('/');
    const abort = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => abort.abort(new Error(`interrupted by ${signal}`)));
    }
    session = new ConformanceSession(registeredScenarios(), {
      gatewayClass: process.env['ROUTEPROOF_GATEWAY_CLASS'] ?? 'routeproof',
      install: process.env['ROUTEPROOF_INSTALL'] !== 'false',
      cluster: { provider, name },
      keep: process.env['ROUTEPROOF_KEEP'] === 'true',
      progress,
      signal: abort.signal,
    });
    setCurrentEngine(session.engine);
    await session.start();
    session.engine.startAll(selectedIds(this.test?.parent?.root === true ? this.test.parent : undefined));
  },

  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(0);
    if (session === undefined) return;
    const { run } = await session.finish();
    const outDir = process.env['ROUTEPROOF_OUT'];
    if (outDir !== undefined && outDir !== '') progress(`results: ${await writeRun(run, outDir)}`);
  },
};

/** Ids of the tests that mocha will run: those of the loaded files that its --grep and --invert leave over. */
function selectedIds(root: Mocha.Suite | undefined): string[] {
  const matches = grepFilter();
  const ids: string[] = [];
  root?.eachTest((test) => {
    if (matches(test.fullTitle())) ids.push(test.title.split(': ')[0] ?? '');
  });
  return ids;
}

interface MochaOptions {
  grep?: string | RegExp;
  fgrep?: string;
  invert?: boolean;
}

/** What mocha makes of its own command line; a test it selects otherwise still starts, when its turn comes. */
function grepFilter(): (title: string) => boolean {
  const require = createRequire(import.meta.url);
  const { loadOptions } = require('mocha/lib/cli/options.cjs') as {
    loadOptions: (argv: string[]) => MochaOptions;
  };
  const { grep, fgrep, invert = false } = loadOptions(process.argv.slice(2));
  if (fgrep !== undefined) return (title) => title.includes(fgrep) !== invert;
  if (grep === undefined) return () => true;
  const pattern = new RegExp(grep);
  return (title) => pattern.test(title) !== invert;
}
