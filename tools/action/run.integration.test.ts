import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { projectRoot } from '../../common/tools.ts';
import { actionEnv, readAction } from './action.fixture.ts';

describe('the action, run as GitHub runs it', function () {
  // A control plane and a proxy have to start, twice.
  this.timeout(300_000);
  const action = readAction();
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'rp-action-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const runAction = async (inputs: Record<string, string>) => {
    const files = { GITHUB_OUTPUT: join(dir, 'output'), GITHUB_STEP_SUMMARY: join(dir, 'summary') };
    for (const file of Object.values(files)) writeFileSync(file, '');
    const temp = join(dir, 'temp');
    mkdirSync(temp);
    const command = action.runs.steps.find(({ id }) => id === 'run')?.run ?? '';
    const { exitCode, stderr } = await execa('bash', ['-e', '-c', command], {
      env: {
        ...actionEnv(action, inputs),
        ...files,
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTION_PATH: projectRoot,
        RUNNER_TEMP: temp,
        ROUTEPROOF_STATE: join(dir, 'state'),
        PATH: `${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}`,
      },
      reject: false,
    });
    const lines = readFileSync(files.GITHUB_OUTPUT, 'utf8').split('\n').filter(Boolean);
    const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) as Record<
      string,
      string
    >;
    return { exitCode, stderr, outputs, summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'), temp };
  };
  const onLocal = (args: string) =>
    runAction({ cluster: 'local', args: `--no-load --limits-scale 4 ${args}` });

  it('is green, with summary, report and outputs, when the implementation is right', async () => {
    const { exitCode, stderr, outputs, summary, temp } = await onLocal('--scenario header/exact');
    expect(exitCode, stderr).to.equal(0);
    expect(Object.keys(outputs).sort()).to.deep.equal(Object.keys(action.outputs).sort());
    expect(outputs).to.include({ 'exit-code': '0', passed: '1', failed: '0' });
    expect(outputs['run-dir']?.startsWith(temp)).to.equal(true);
    expect(existsSync(outputs['report'] ?? '')).to.equal(true);
    expect(summary).to.equal(readFileSync(join(outputs['run-dir'] ?? '', 'summary.md'), 'utf8'));
  });

  it('is red, with the exit code of the run, when it is wrong', async () => {
    const { exitCode, stderr, outputs, summary } = await onLocal(
      '--no-rerun --fault exact-method-is-prefix --scenario method/exact',
    );
    expect(exitCode, stderr).to.equal(1);
    expect(outputs).to.include({ 'exit-code': '1', passed: '0', failed: '1' });
    expect(summary).to.include('method/exact').and.include('routed');
  });

  it('says in the summary why there is no result', async () => {
    const refused = await runAction({ cluster: 'local', context: 'mine' });
    expect(refused.exitCode).to.equal(2);
    expect(refused.outputs).to.deep.equal({ 'exit-code': '2' });
    expect(refused.summary)
      .to.include('exit code 2')
      .and.include('context: is for cluster kubeconfig, and cluster is local');
  });

  it('ends as the run does that finds no cluster', async () => {
    const { exitCode, outputs, summary } = await runAction({
      kubeconfig: join(dir, 'none'),
      'gateway-class': 'mine',
    });
    expect(exitCode).to.equal(2);
    expect(outputs).to.deep.equal({ 'exit-code': '2' });
    expect(summary).to.include('there is no such kubeconfig');
  });
});
