/**
 * What the action of action.yml does: brings routeproof, runs it, and tells the job. It runs before any package is installed, so that it
 * needs none.
 *
 * Usage: node tools/action/run.ts, with the inputs as INPUT_... in the environment; ends with the exit code of the run
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodeOf, messageOf, RouteproofError } from '../../common/errors.ts';
import { projectRoot } from '../../common/tools.ts';
import { argumentsOf, readInputs, type Inputs } from './inputs.ts';
import { publish } from './publish.ts';

/** For the summary of a run without a report. */
const lastWordsLength = 4000;
const dir = mkdtempSync(join(process.env['RUNNER_TEMP'] ?? tmpdir(), 'routeproof-'));
const out = join(dir, 'report');
let said = '';

/** Its output goes on to the job's log. @returns the exit code */
async function run(file: string, args: string[]): Promise<number> {
  const child = spawn(file, args, { stdio: ['ignore', 'inherit', 'pipe'] });
  child.stderr.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk);
    said = (said + chunk.toString()).slice(-lastWordsLength);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 3;
}

/** @returns the program; @throws RouteproofError TOOL_MISSING - what it needs could not be brought */
async function bring({ cluster, package: wanted }: Inputs): Promise<string> {
  if (wanted !== '') {
    await mustSucceed('npm', ['install', '--prefix', dir, '--no-audit', '--no-fund', wanted]);
    const program = join(dir, 'node_modules/.bin/routeproof');
    // Of a started cluster, which an existing one has without us.
    if (cluster !== 'kubeconfig') await mustSucceed(program, ['setup', '--cluster', cluster]);
    return program;
  }
  if (cluster !== 'kubeconfig')
    await mustSucceed(join(projectRoot, 'tools/setup.sh'), ['conformance', cluster]);
  else if (!existsSync(join(projectRoot, 'node_modules')))
    await mustSucceed('npm', ['ci', '--omit=dev', '--prefix', projectRoot, '--no-audit', '--no-fund']);
  return join(projectRoot, 'bin/routeproof');
}

async function mustSucceed(file: string, args: string[]): Promise<void> {
  const exitCode = await run(file, args);
  if (exitCode === 0) return;
  throw new RouteproofError('TOOL_MISSING', 'routeproof could not be set up', {
    object: [file, ...args].join(' '),
    seen: `exit code ${exitCode}, see above`,
    hint: 'what the command above said last says what to do; routeproof needs Node.js, npm and a connection to their registry',
  });
}

async function act(): Promise<number> {
  const inputs = readInputs(process.env);
  return run(await bring(inputs), argumentsOf(inputs, out));
}

try {
  process.exitCode = await act();
} catch (error) {
  said += `${messageOf(error)}\n`;
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
publish({ exitCode: process.exitCode, out, lastWords: said }, process.env);
