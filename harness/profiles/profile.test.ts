import { expect } from 'chai';
import { readClauses } from '../clauses/clause.ts';
import { lintProfiles, isLintProfile, rulesOf } from '../lint/profiles.ts';
import { loadSpecs } from '../specs/load-specs.ts';
import { registeredScenarios } from '../specs/registry.ts';
import { specFiles } from '../specs/spec-files.ts';
import { profileNames, readProfile } from './profile.ts';

const names = profileNames().filter((name) => name !== 'standard');

describe('the profiles', () => {
  it('are those of lint', () => {
    expect(profileNames()).to.have.members([...lintProfiles]);
  });

  it('are found by name, and near matches are told of a wrong one', () => {
    expect(() => readProfile('kgateway'))
      .to.throw(/unknown profile kgateway/)
      .with.property('code', 'USAGE');
    expect(() => readProfile('aws-vpc-latice')).to.throw(/did you mean aws-vpc-lattice/);
  });

  for (const name of names) {
    describe(name, () => {
      const { deviations } = readProfile(name);
      const support = `profile-${name.replace(/-guide$/, '')}`;

      it('cites for each deviation clauses of its document, with a reason and the place', () => {
        const clauses = new Map(readClauses().map((clause) => [clause.id, clause]));
        for (const { id, clauses: own, instead, place, because } of deviations) {
          expect(own, id).not.to.be.empty;
          for (const clause of own)
            expect(clauses.get(clause)?.support, `${id}: ${clause}`).to.equal(support);
          for (const clause of instead)
            expect(clauses.get(clause)?.support, `${id}: ${clause}`).to.match(
              /^(core|extended|implementation)/,
            );
          expect(place, id).not.to.equal('');
          expect(because.length, id).to.be.greaterThan(40);
        }
      });

      it('has the rules of lint that it names, and lint none besides', () => {
        if (!isLintProfile(name)) throw new Error(`${name} is no profile of lint`);
        const standard = new Set(rulesOf('standard').map(({ id }) => id));
        const own = rulesOf(name).filter(({ id }) => !standard.has(id));
        const cited = deviations.flatMap(({ lint }) => lint);
        expect(own.map(({ id }) => id)).to.include.members(cited);
        // The guide contradicts itself about the order of rules: told by lint, and judged by nobody.
        const told = own.filter(({ level, id }) => level === 'error' && !cited.includes(id));
        expect(told).to.deep.equal([]);
      });

      it('is judged by scenarios that name it and the clause, and leaves out only scenarios that there are', async () => {
        await loadSpecs([...specFiles().values()]);
        const metas = new Map(registeredScenarios().map(({ meta }) => [meta.id, meta]));
        for (const { id, clauses, instead, judgedBy, keeps = {}, leavesOut = {} } of deviations) {
          for (const scenario of judgedBy) {
            const meta = metas.get(scenario);
            expect(meta?.profiles, scenario).to.include(name);
            expect(
              meta?.clauses.some((clause) => clauses.includes(clause)),
              `${id}: ${scenario}`,
            ).to.equal(true);
          }
          for (const scenario of Object.keys(leavesOut)) expect(metas.has(scenario), scenario).to.equal(true);
          for (const scenario of Object.keys(keeps))
            expect(
              metas.get(scenario)?.clauses.some((clause) => instead.includes(clause)),
              scenario,
            ).to.equal(true);
        }
        const judging = new Set(deviations.flatMap(({ judgedBy }) => judgedBy));
        for (const meta of metas.values())
          if (meta.profiles?.includes(name)) expect(judging, meta.id).to.include(meta.id);
      });
    });
  }
});
