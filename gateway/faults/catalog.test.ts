import { expect } from 'chai';
import { execa } from 'execa';
import { join } from 'node:path';
import { projectRoot } from '../../common/tools.ts';
import { faults, findFault } from './catalog.ts';
import { slowdowns } from './slowdowns.ts';
import { dialects } from './dialects/catalog.ts';

describe('the catalog of faults', () => {
  it('names each fault once, in kebab-case short enough for a namespace', () => {
    const names = faults.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    for (const name of names) expect(name, name).to.match(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    for (const name of names) expect(`routeproof-fault-${name}`.length, name).to.be.at.most(63);
  });

  it('tells for each what is wrong, against which clauses, at which layer, and what it does', () => {
    const context = { refreshAfter: () => undefined, now: () => 0, annotate: () => undefined };
    for (const fault of faults) {
      expect(fault.title, fault.name).to.match(/^([A-Z]|\w+[A-Z]).*\.$/);
      expect(fault.clauses, fault.name).not.to.be.empty;
      expect(fault.layers, fault.name).not.to.be.empty;
      expect(Object.keys(fault.hooks(context)), fault.name).not.to.be.empty;
      if (fault.reference !== undefined) expect(fault.reference).to.match(/^[\w.-]+\/[\w.-]+#\d+$/);
    }
  });

  it('finds dialects as well, under names that no fault has', () => {
    const context = { refreshAfter: () => undefined, now: () => 0, annotate: () => undefined };
    for (const { name } of dialects) {
      expect(faults.map((fault) => fault.name)).not.to.include(name);
      expect(Object.keys(findFault(name).hooks(context)), name).to.include('input');
    }
  });

  it('finds slowdowns as well, which scenarios are not asked to notice', () => {
    const context = { refreshAfter: () => undefined, now: () => 0, annotate: () => undefined };
    for (const { name } of slowdowns) {
      expect(faults.map((fault) => fault.name)).not.to.include(name);
      expect(Object.keys(findFault(name).hooks(context)), name).to.include('xds');
    }
  });

  it('has one entry that is no fault', () => {
    const context = { refreshAfter: () => undefined, now: () => 0, annotate: () => undefined };
    expect(findFault('none').hooks(context)).to.deep.equal({});
  });

  it('ends the process with a clear message when there is no such fault', async () => {
    const result = await execa(process.execPath, [join(projectRoot, 'gateway/faults/main.ts')], {
      env: { FAULT: 'nonsense' },
      reject: false,
    });
    expect(result.exitCode).to.equal(2);
    expect(result.stderr).to.contain('there is no fault "nonsense"').and.to.contain('one of none, ');
  });
});
