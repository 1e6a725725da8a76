import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../common/tools.ts';
import type { FaultSpec } from '../../harness/faults/fault-spec.ts';
import { faultNotRun } from '../../harness/faults/judge.ts';
import { isAimedAlike } from '../../harness/faults/known-results.ts';
import type { FaultResult } from '../../harness/results/faults.ts';
import { readFaultsResults } from '../../reports/faults/faults-file.ts';
import { faultsMarkdown } from '../../reports/faults/faults.ts';
import { plantedFaults } from './planted-faults.ts';

const file = join(projectRoot, 'docs/faults.json');

/** Where the record and the code part, and the command that mends it; nothing when they are the same. */
function differences(record: readonly FaultResult[], faults: readonly FaultSpec[]): string {
  const inRecord = new Map(record.map((result) => [result.name, result]));
  const untried = faults.filter(({ name }) => !inRecord.has(name));
  const elsewhere = faults.filter((fault) => {
    const result = inRecord.get(fault.name);
    return result !== undefined && !isAimedAlike(fault, result);
  });
  const gone = record.filter(({ name }) => faults.every((fault) => fault.name !== name));
  const isInOrder =
    record.length === faults.length && faults.every(({ name }, at) => record[at]?.name === name);
  const told = [
    ...untried.map(({ name }) => `${name} is not in docs/faults.json`),
    ...elsewhere.map(({ name }) => `${name} was aimed at other clauses or layers when it was tried`),
    ...gone.map(({ name }) => `${name} is in docs/faults.json and no fault any more`),
  ];
  if (told.length === 0 && isInOrder) return '';
  const toTry = [...untried, ...elsewhere];
  return [
    ...told,
    ...(told.length === 0 ? ['docs/faults.json has them twice, or in another order'] : []),
    mendedBy(toTry.length === 0 ? faults.slice(0, 1) : toTry),
  ].join('\n');
}

/** The names may have to be split by release and channel; the command says so. */
function mendedBy(faults: readonly FaultSpec[]): string {
  const names = faults.map(({ name }) => name).join();
  const out = 'reports/out/record';
  return `try: routeproof faults --fault ${names} --out ${out}; routeproof faults merge --write-docs ${out}`;
}

describe('docs/faults.json', () => {
  it('has the faults of the code, in their order, aimed at what they are aimed at', async () => {
    const { faults } = await readFaultsResults(file);
    const told = differences(faults, plantedFaults());
    expect(told, told).to.equal('');
  });

  it('is what docs/faults.md is made of', async () => {
    const page = readFileSync(join(projectRoot, 'docs/faults.md'), 'utf8');
    const isMadeOfIt = faultsMarkdown(await readFaultsResults(file)) === page;
    const told = `docs/faults.md is not made of docs/faults.json; ${mendedBy(plantedFaults().slice(0, 1))}`;
    expect(isMadeOfIt, told).to.equal(true);
  });

  it('is refused without a fault, with one too many, with one aimed elsewhere, twice, or in another order', () => {
    const faults = plantedFaults().slice(0, 3);
    const known = faults.map((fault) => faultNotRun(fault, '', 0));
    const [one, two, three] = known as [FaultResult, FaultResult, FaultResult];
    expect(differences(known, faults)).to.equal('');
    expect(differences([two], faults)).to.equal(
      [
        `${one.name} is not in docs/faults.json`,
        `${three.name} is not in docs/faults.json`,
        `try: routeproof faults --fault ${one.name},${three.name} --out reports/out/record; routeproof faults merge --write-docs reports/out/record`,
      ].join('\n'),
    );
    for (const elsewhere of [{ clauses: [] }, { layers: [] }])
      expect(differences([{ ...one, ...elsewhere }, two, three], faults)).to.match(
        new RegExp(`^${one.name} was aimed at other .*\n.* --fault ${one.name} `),
      );
    expect(differences([...known, { ...one, name: 'gone' }], faults)).to.match(
      /^gone is in .*no fault any more\n/,
    );
    expect(differences([two, one, three], faults)).to.contain('in another order');
    expect(differences([...known, three], faults)).to.contain('twice');
  });
});
