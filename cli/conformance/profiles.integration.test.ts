import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { projectRoot } from '../../common/tools.ts';
import { readProfile } from '../../harness/profiles/profile.ts';
import type { Run } from '../../harness/results/run.ts';

/** What each document contradicts that our own gateway, which keeps to the spec, does otherwise. */
const contradicted = {
  'kgateway-guide': {
    wrong: ['profiles/kgateway-https-only'],
    clauses: ['listener-profile-kgateway-http-rejected'],
    bySpec: {
      'guides/kgateway-http-listener': 'grpcroute-http-h2c-prior-knowledge',
      'hostname/conflict-oldest-wins': 'hostname-conflict-oldest-wins',
    },
  },
  'aws-vpc-lattice': {
    wrong: [
      'profiles/lattice-domain-annotation',
      'profiles/lattice-https-listener',
      'profiles/lattice-match-limits',
      'profiles/lattice-method-case',
    ],
    clauses: [
      'header-profile-lattice-max-five',
      'listener-profile-lattice-https-section',
      'match-profile-lattice-one-method-per-rule',
      'method-profile-lattice-case-insensitive',
      'method-profile-lattice-no-method-only',
      'status-profile-lattice-domain-annotation',
    ],
    bySpec: {
      'guides/kgateway-http-listener': 'grpcroute-http-h2c-prior-knowledge',
      'header/any-of': 'match-any-of-matches',
      'method/near-misses': 'method-exact-service-case-sensitive',
    },
  },
} as const;

type Name = keyof typeof contradicted;

describe('the profiles, proven by dialects of the bundled gateway', function () {
  // A control plane and proxies have to start, and what is expected to fail does so by waiting in vain.
  this.timeout(300_000);
  let dir: string;
  before(() => (dir = mkdtempSync(join(tmpdir(), 'rp-profiles-'))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  const conformance = async (...args: string[]): Promise<{ exitCode: number | undefined; run: Run }> => {
    const out = mkdtempSync(join(dir, 'out-'));
    const fixed = ['conformance', '--no-load', '--no-rerun', '--out', out, ...args];
    const { exitCode } = await execa(process.execPath, [join(projectRoot, 'cli/main.ts'), ...fixed], {
      reject: false,
      env: { ROUTEPROOF_STATE: dir },
    });
    return { exitCode, run: JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as Run };
  };
  const failedIn = ({ scenarios }: Run): string[] =>
    scenarios.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-run').map(({ id }) => id);
  const failedClauses = ({ scenarios }: Run): string[] =>
    scenarios.filter(({ verdict }) => verdict === 'wrong').flatMap(({ clauses }) => clauses);

  for (const name of Object.keys(contradicted) as Name[]) {
    const { wrong, clauses, bySpec } = contradicted[name];
    const own = readProfile(name).deviations.flatMap(({ judgedBy }) => judgedBy);
    const judging = [...new Set(own)].sort();

    it(`${name} passes on a gateway that is as the document says`, async () => {
      const { exitCode, run } = await conformance(
        ...['--profile', name, '--dialect', name, '--limits-scale', '2'],
        ...['--scenario', [...judging, 'hostname/exact', 'listener/kinds', ...Object.keys(bySpec)].join()],
      );
      expect(failedIn(run)).to.deep.equal([]);
      expect(exitCode).to.equal(0);
      expect(run.profile).to.equal(name);
      for (const [scenario, clause] of Object.entries(bySpec)) {
        const { leftOut, seen } = run.scenarios.find(({ id }) => id === scenario) ?? {};
        expect(leftOut, scenario).to.equal('profile');
        expect(seen, scenario).to.include(clause);
      }
    });

    it(`${name} fails on the standard gateway where the document says otherwise, and names those clauses`, async () => {
      const { exitCode, run } = await conformance(
        ...['--profile', name, '--limits-scale', '0.2'],
        ...['--scenario', judging.join()],
      );
      expect(failedIn(run)).to.deep.equal([...wrong]);
      expect(failedClauses(run)).to.include.members([...clauses]);
      expect(exitCode).to.equal(1);
    });

    it(`standard fails on the dialect ${name}, and names the clauses of the spec`, async () => {
      const { exitCode, run } = await conformance(
        ...['--dialect', name, '--limits-scale', '0.2', '--scenario', Object.keys(bySpec).join()],
      );
      expect(failedIn(run).sort()).to.deep.equal(Object.keys(bySpec));
      expect(failedClauses(run)).to.include.members(Object.values(bySpec));
      expect(exitCode).to.equal(1);
    });
  }

  it('refuses a profile that there is none of', async () => {
    const { exitCode, stderr } = await execa(
      process.execPath,
      [join(projectRoot, 'cli/main.ts'), 'conformance', '--profile', 'kgateway-gide'],
      { reject: false, env: { ROUTEPROOF_STATE: dir } },
    );
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain('did you mean kgateway-guide');
  });
});
