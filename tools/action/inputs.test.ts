import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { RouteproofError } from '../../common/errors.ts';
import { projectRoot } from '../../common/tools.ts';
import { inputNames, argumentsOf, readInputs } from './inputs.ts';
import { actionEnv, readAction } from './action.fixture.ts';

const given = (values: Record<string, string>) => readInputs(actionEnv(readAction(), values));
const refused = (values: Record<string, string>): string => {
  try {
    given(values);
  } catch (error) {
    expect(error).to.be.instanceOf(RouteproofError);
    expect((error as RouteproofError).code).to.equal('USAGE');
    return (error as Error).message;
  }
  throw new Error(`nothing was thrown for ${JSON.stringify(values)}`);
};

describe('the inputs of the action', () => {
  it('are a command line', () => {
    const inputs = given({
      'gateway-class': 'mine',
      context: 'ci',
      suites: 'header,method',
      args: ' --no-load\n--repeat 2 ',
    });
    expect(argumentsOf(inputs, '/out').join(' ')).to.equal(
      'conformance --cluster kubeconfig --context ci --gateway-class mine --suite header,method --out /out --no-load --repeat 2',
    );
    const all = given({
      'gateway-class': 'mine',
      kubeconfig: 'file',
      'supported-features': 'Gateway,GRPCRoute',
    });
    expect(argumentsOf(all, '/out')).to.include.members([
      '--kubeconfig',
      'file',
      '--supported-features',
      'Gateway,GRPCRoute',
    ]);
    expect(argumentsOf(given({ cluster: 'local', implementation: 'contour' }), '/out')).to.include.members([
      '--implementation',
      'contour',
    ]);
  });

  it('are refused where they say nothing that there is, or contradict each other', () => {
    expect(refused({ cluster: 'minikube' })).to.include(
      'cluster: minikube is none of kubeconfig, local, kind, k3s',
    );
    expect(refused({})).to.include('gateway-class: is needed for cluster kubeconfig');
    expect(refused({ 'gateway-class': 'x', implementation: 'contour' })).to.include(
      'implementation: is for cluster local',
    );
    expect(refused({ cluster: 'kind', implementation: 'contour' })).to.include(
      'implementation: is for cluster local',
    );
    expect(refused({ cluster: 'local', kubeconfig: 'f', context: 'c', 'gateway-class': 'x' }))
      .to.include('kubeconfig: is for cluster kubeconfig, and cluster is local')
      .and.include('context: is for')
      .and.include('gateway-class: is for');
  });

  it('are refused where args say what an input says, or the action itself', () => {
    const args = (text: string): string => refused({ cluster: 'local', args: text });
    expect(args('--suite header')).to.include('args: --suite is the input suites');
    expect(args('--out=/x')).to.include("args: --out is the action's own");
    expect(args('--scenario "header/exact"')).to.include('quotes');
  });
});

describe('action.yml', () => {
  const action = readAction();
  const text = readFileSync(join(projectRoot, 'action.yml'), 'utf8');
  const named = (pattern: RegExp): string[] =>
    [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();

  it('uses every input that it declares, and declares every one that it uses', () => {
    expect(named(/inputs\.([\w-]+)/g)).to.deep.equal(Object.keys(action.inputs).sort());
    for (const [name, { description }] of Object.entries(action.inputs))
      expect(description, name).to.match(/\w/);
  });

  it('passes the script the inputs that it reads, and no others', () => {
    const run = action.runs.steps.find(({ id }) => id === 'run');
    const passed = inputNames.map((name) => [
      `INPUT_${name.toUpperCase().replaceAll('-', '_')}`,
      `\${{ inputs.${name} }}`,
    ]);
    expect(run?.env).to.deep.equal(Object.fromEntries(passed));
  });

  it('has a shell for every command, a version for every other action, and outputs of steps that there are', () => {
    const ids = action.runs.steps.flatMap(({ id }) => id ?? []);
    expect(ids).to.deep.equal(['run']);
    for (const { run, shell, uses } of action.runs.steps) {
      if (run === undefined) expect(uses).to.match(/@v\d+$/);
      else expect(shell).to.equal('bash');
    }
    for (const [name, { value }] of Object.entries(action.outputs))
      expect(value).to.equal(`\${{ steps.run.outputs.${name} }}`);
    for (const output of named(/steps\.run\.outputs\.([\w-]+)/g))
      expect(action.outputs).to.have.property(output);
  });
});
