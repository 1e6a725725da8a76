import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { projectRoot } from '../common/tools.ts';

/** The command line as a user meets it: a process, its output, its exit code. */
async function routeproof(
  ...args: string[]
): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [join(projectRoot, 'cli/main.ts'), ...args],
    {
      reject: false,
      env: { ROUTEPROOF_STATE: state },
    },
  );
  return { exitCode, stdout, stderr };
}

let state: string;

describe('the command line', () => {
  before(() => {
    state = mkdtempSync(join(tmpdir(), 'state-'));
  });

  after(() => rmSync(state, { recursive: true }));

  it('prints its commands and exit codes with --help', async () => {
    const { exitCode, stdout } = await routeproof('--help');
    expect(exitCode).to.equal(0);
    for (const command of ['up', 'down', 'status', 'exec', 'conformance', 'load', 'report', 'explain'])
      expect(stdout).to.include(command);
    expect(stdout).to.include('Exit codes:');
  });

  it('refuses an unknown option and an unknown command with exit code 2', async () => {
    const option = await routeproof('conformance', '--suites', 'header');
    expect(option.exitCode).to.equal(2);
    expect(option.stderr).to.include("unknown option '--suites'").and.to.include('--suite');
    const command = await routeproof('conform');
    expect(command.exitCode).to.equal(2);
    expect(command.stderr).to.include("unknown command 'conform'");
  });

  it('refuses an unknown cluster provider and profile with exit code 2, naming those there are', async () => {
    const provider = await routeproof('conformance', '--cluster', 'moon');
    expect(provider.exitCode).to.equal(2);
    expect(provider.stderr).to.include('Allowed choices are local');
    const profile = await routeproof('conformance', '--profile', 'lenient');
    expect(profile.exitCode).to.equal(2);
    expect(profile.stderr).to.include('unknown profile lenient').and.to.include('one of standard');
  });

  it('refuses an unknown benchmark with exit code 2 before any cluster is started, naming those like it', async () => {
    const { exitCode, stderr } = await routeproof('load', '--subject', 'attached-routes,route-flight');
    expect(exitCode).to.equal(2);
    expect(stderr)
      .to.include('unknown benchmark route-flight')
      .and.to.match(/did you mean .*route-/)
      .and.not.to.include('etcd');
  });

  it('says how to start a cluster when there is none', async () => {
    const { exitCode, stderr } = await routeproof('exec', '--', 'true');
    expect(exitCode).to.equal(2);
    expect(stderr)
      .to.include('local cluster default: no such cluster is running')
      .and.to.include('routeproof up');
  });

  it('names the file and the place of what is wrong in a run.json', async () => {
    const file = join(state, 'run.json');
    writeFileSync(file, '{"schemaVersion": 1}');
    const { exitCode, stderr } = await routeproof('report', file);
    expect(exitCode).to.equal(2);
    expect(stderr).to.include(file).and.to.include('is not a run.json of routeproof');
  });
});
