import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { projectRoot } from '../../common/tools.ts';
import type { Explanation } from '../../harness/explain/explain.ts';

const explain = (...args: string[]) =>
  execa(process.execPath, [join(projectRoot, 'cli/main.ts'), 'explain', ...args], { reject: false });

async function asJson(name: string): Promise<Explanation | undefined> {
  const { stdout, stderr } = await explain(name, '--json');
  expect(stderr).to.equal('');
  return (JSON.parse(stdout) as Explanation[])[0];
}

const names = (list: { name: string }[]): string[] => list.map(({ name }) => name);

describe('routeproof explain', () => {
  it('ties a clause to the scenarios that prove it and the faults that break it', async () => {
    const found = await asJson('method-exact-is-not-prefix');
    if (found?.kind !== 'clause') throw new Error('not a clause');
    expect(found.clause).to.include({ support: 'core', channel: 'standard' });
    expect(found.clause.says).to.be.a('string').with.length.greaterThan(20);
    expect(names(found.scenarios)).to.include('method/exact');
    expect(names(found.faults)).to.include('exact-method-is-prefix');
  });

  it('ties a scenario to its clauses, its files and the faults that aim at it', async () => {
    const found = await asJson('method/exact');
    if (found?.kind !== 'scenario') throw new Error('not a scenario');
    expect(found.scenario).to.deep.include({
      spec: 'suites/method/exact.spec.ts',
      files: ['suites/method/exact.yaml'],
    });
    expect(names(found.clauses)).to.include('method-exact-is-not-prefix');
    expect(names(found.faults)).to.include('exact-method-is-prefix');
  });

  it('ties a fault to what it breaks, the real bug and the scenarios that are to catch it', async () => {
    const { stdout } = await explain('exact-method-is-prefix');
    expect(stdout).to.include('An exact method also takes every method whose name begins with it.');
    expect(stdout).to.include('Kong/kong-operator#4621').and.include('method-exact-is-not-prefix');
    expect(stdout).to.match(/scenarios expected to catch it:[^]*method\/exact/);
  });

  it('knows the faults of the CRDs as well', async () => {
    const found = await asJson('crd-grpcroutes-rules-dropped');
    if (found?.kind !== 'fault') throw new Error('not a fault');
    expect(names(found.clauses)).to.include('filter-repeated-unsupported');
    expect(names(found.scenarios)).to.include('validation/grpcroute-filters');
    const { stdout } = await explain('crd-grpcroutes-rules-dropped');
    expect(stdout).to.match(/conformance --fault crd-grpcroutes-rules-dropped --suite \S*validation/);
  });

  it('prints a clause and a scenario for a person', async () => {
    const clause = await explain('method-exact-is-not-prefix');
    expect(clause.stdout).to.include('clause').and.include('MUST').and.include('method/exact');
    const scenario = await explain('method/exact');
    expect(scenario.stdout)
      .to.include('suites/method/exact.yaml')
      .and.include('planted faults that aim at it');
  });

  it('names what is near to a wrong name', async () => {
    const { exitCode, stderr } = await explain('method/exat');
    expect(exitCode).to.equal(2);
    expect(stderr)
      .to.include('unknown clause, scenario or fault method/exat')
      .and.include('did you mean method/exact');
  });
});
