import { expect } from 'chai';
import { execa } from 'execa';
import { join } from 'node:path';
import { projectRoot } from '../../common/tools.ts';
import type { ClauseCoverage, CoverageTotals } from '../../harness/explain/coverage.ts';

interface Report {
  clauses: ClauseCoverage[];
  totals: { all: CoverageTotals; bySupport: Record<string, CoverageTotals> };
}

async function clauses(
  ...args: string[]
): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
  // KUBECONFIG points nowhere: the list must not need a cluster.
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [join(projectRoot, 'cli/main.ts'), 'clauses', ...args],
    {
      reject: false,
      env: { KUBECONFIG: '/nowhere', NO_COLOR: '1' },
    },
  );
  return { exitCode, stdout, stderr };
}

describe('routeproof clauses', () => {
  it('accounts for every clause: by scenarios, by a reason, or as uncovered', async () => {
    const { exitCode, stdout, stderr } = await clauses('--json');
    expect(exitCode, stderr).to.equal(0);
    const { clauses: rows, totals } = JSON.parse(stdout) as Report;
    expect(rows).to.have.length(totals.all.clauses);
    expect(totals.all.proven + totals.all.unseen + totals.all.uncovered).to.equal(totals.all.clauses);
    for (const row of rows) {
      expect(row.state === 'proven', row.id).to.equal(row.scenarios.length > 0);
      expect(row.state === 'unseen', row.id).to.equal(row.reason !== undefined);
    }
    const exact = rows.find(({ id }) => id === 'hostname-listener-unset-uses-route');
    expect(exact?.scenarios.map(({ id }) => id)).to.include('hostname/exact');
  });

  it('keeps scenarios informational that stand for nothing but inferred statements, and no others', async () => {
    const { stdout } = await clauses('--json');
    const { clauses: rows } = JSON.parse(stdout) as Report;
    const stated = new Set<string>();
    const supports = new Map<string, string>();
    for (const { source, scenarios } of rows) {
      for (const { id, support } of scenarios) {
        supports.set(id, support);
        if (!source.endsWith('(inferred)')) stated.add(id);
      }
    }
    for (const [id, support] of supports) expect(support !== 'informational', id).to.equal(stated.has(id));
  });

  it('prints only what is selected, and the totals of that', async () => {
    const { stdout } = await clauses('--suite', 'weight', '--area', 'weight');
    expect(stdout).to.match(/^weight-\S+ {2}MUST, core\n {2}\S.*\n {2}proven by ([^,\n]+, )*weight\//);
    expect(stdout).not.to.match(/^hostname-/m);
    expect(stdout).to.match(/^all: \d+ clauses, \d+ proven, 0 unseen, 0 uncovered$/m);
    const { stdout: uncovered } = await clauses('--uncovered');
    expect(uncovered).not.to.match(/proven by|unseen:/);
  });

  it('names near matches of an unknown area or suite, with exit code 2', async () => {
    const area = await clauses('--area', 'hostnam');
    expect(area.exitCode).to.equal(2);
    expect(area.stderr).to.include('did you mean hostname?');
    const suite = await clauses('--suite', 'headers');
    expect(suite.exitCode).to.equal(2);
  });

  it('ends without a complaint when its reader has had enough', async () => {
    const child = execa(process.execPath, [join(projectRoot, 'cli/main.ts'), 'clauses'], {
      buffer: { stdout: false },
      env: { KUBECONFIG: '/nowhere', NO_COLOR: '1' },
    });
    child.stdout.destroy();
    const { exitCode, stderr } = await child;
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: '' });
  });
});
