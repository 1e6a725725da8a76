import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'chai';
import { loadScript } from './load-script.ts';
import { loadSubjects } from './subjects.ts';

describe('benchmarks of calls', () => {
  it('have a script each, and no script is without one', () => {
    const scripts = readdirSync(dirname(loadScript('any')))
      .filter((name) => name.endsWith('.k6.ts') && !name.endsWith('.pods.k6.ts'))
      .map((name) => name.slice(0, -'.k6.ts'.length));
    expect(scripts.sort()).to.deep.equal(loadSubjects.map(({ name }) => name).sort());
  });

  it('have cases whose names k6 and its samples can hold, the first with every side', () => {
    for (const { name: subject, cases } of loadSubjects) {
      for (const each of [...(cases?.quick ?? []), ...(cases?.long ?? [])])
        expect(each.name, subject).to.match(/^[a-z0-9-]+$/);
      expect(cases?.long[0]?.sides, subject).to.equal(undefined);
    }
  });

  it('have blocks enough for intervals', () => {
    for (const { name, plans } of loadSubjects)
      for (const { blocks } of Object.values(plans)) expect(blocks, name).to.be.at.least(6);
  });

  it('reach every rule: routes of at most 16 rules, the last of which is called', () => {
    const rules = loadSubjects.find(({ name }) => name === 'rules');
    const of = { name: '1000', size: 1000, sizeOf: 'rules' } as const;
    const routes = rules?.routes?.([of]) ?? [];
    const counts = routes.map(({ spec }) => (spec as { rules: unknown[] }).rules.length);
    expect(counts.reduce((sum, count) => sum + count)).to.equal(1000);
    expect(Math.max(...counts)).to.equal(16);
    const names = routes.map(({ metadata }) => metadata?.name ?? '');
    expect(names.toSorted()).to.deep.equal(names);
    expect(JSON.stringify(routes.at(-1))).to.include('"value":"999"');
    expect(rules?.metadata?.(of)).to.deep.equal({ 'x-routeproof-rule': '999' });
  });
});
