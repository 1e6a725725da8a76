import { expect } from 'chai';
import type { FaultResult, FaultsRun } from '../../harness/results/faults.ts';
import { faultsRecordText } from './faults-file.ts';
import { faultLine, faultsMarkdown, officialFaultLine, officialTotals } from './faults.ts';

const caught: FaultResult = {
  name: 'planted',
  title: 'It is wrong | badly.',
  area: 'matching',
  clauses: ['clause-a'],
  layers: ['routed'],
  reference: 'owner/repository#1',
  outcome: 'caught',
  clauseNamed: true,
  layerNamed: true,
  catches: [{ scenario: 'method/exact', verdict: 'wrong', layer: 'routed', expected: 'OK', seen: 'not OK' }],
  scenarios: 2,
  durationMs: 1200,
};
const survived: FaultResult = {
  ...caught,
  name: 'hidden',
  area: 'status',
  outcome: 'survived',
  clauseNamed: false,
  layerNamed: false,
  catches: [],
};

const run: FaultsRun = {
  schemaVersion: 2,
  command: 'faults',
  startedAt: '2026-01-31T12:00:00.000Z',
  durationMs: 5000,
  parts: [{ release: 'v1', channel: 'standard' }],
  complete: true,
  limitsScale: 0.2,
  cluster: { provider: 'local', name: 'test' },
  versions: {},
  faults: [caught, survived],
  excluded: [{ scenario: 'tls/sni', verdict: 'slow', seen: 'late' }],
  leftOut: [],
  idleScenarios: ['header/exact'],
  totals: { faults: 2, caught: 1, unexplained: 0, survived: 1, notRun: 0, explained: 1 },
};

describe('the report on planted faults', () => {
  it('says in one line who noticed, and what the verdict did not name', () => {
    expect(faultLine(caught)).to.match(/^ {2}caught +1\.2 s {2}planted: by method\/exact, at routed$/);
    const vague = { ...caught, layerNamed: false, layers: ['status' as const] };
    expect(faultLine(vague)).to.contain('layer routed named, not status');
    const told = {
      ...caught,
      catches: caught.catches.map((one) => ({ ...one, tier: 'informational' as const })),
    };
    expect(faultLine(told)).to.contain('by method/exact (informational), at routed');
    expect(faultLine(survived)).to.contain('SURVIVED');
    const unexplained = { ...vague, outcome: 'unexplained' as const, clauseNamed: false };
    expect(faultLine(unexplained)).to.match(
      /UNEXPLAINED .*: by method\/exact; no clause of it named, layer routed named/,
    );
    expect(faultLine({ ...survived, outcome: 'not-run', reason: 'no proxy' })).to.match(/NOT RUN.*no proxy$/);
  });

  it('is a table for each area, with what escaped in plain sight', () => {
    const text = faultsMarkdown(run);
    expect(text).to.contain('2 faults: 1 caught, 1 of them explained by clause and layer, 1 survived.');
    expect(text).to.contain(
      '| `planted` | It is wrong \\| badly. (clause-a) | owner/repository#1 | `method/exact` | routed |',
    );
    expect(text)
      .to.contain('**survived**')
      .and.to.contain('- `header/exact`')
      .and.to.contain('- `tls/sni`: slow');
    expect(text.indexOf('## matching')).to.be.lessThan(text.indexOf('## status'));

    const accident = { ...caught, outcome: 'unexplained' as const, clauseNamed: false, layerNamed: false };
    const totals = { ...run.totals, caught: 0, unexplained: 1, explained: 0 };
    const other = faultsMarkdown({ ...run, faults: [accident, survived], totals });
    expect(other).to.contain('1 survived, 1 unexplained.');
    expect(other).to.contain('| **unexplained**: `method/exact` | routed (not named) |');
  });

  it('says when it was found out, where results of several runs stand together', () => {
    expect(faultsMarkdown(run)).not.to.contain('Tested');
    const faults = [
      { ...caught, testedAt: '2026-02-01T12:00:00.000Z' },
      { ...survived, testedAt: '2026-01-31T12:00:00.000Z' },
    ];
    expect(faultsMarkdown({ ...run, faults })).to.contain('Tested between 2026-01-31 and 2026-02-01.');
    expect(faultsMarkdown({ ...run, faults: faults.slice(1) })).to.contain('Tested on 2026-01-31.');
  });

  it('is kept with a line for each fault', () => {
    const text = faultsRecordText(run);
    expect(JSON.parse(text)).to.deep.equal(run);
    expect(text.split('\n').filter((line) => line.startsWith('{"name"'))).to.have.length(2);
  });

  it('puts what the official suite made of each fault beside it, with both rates', () => {
    const missed = { outcome: 'survived' as const, tests: [], ran: 30, durationMs: 60_000 };
    const seen = { outcome: 'caught' as const, tests: ['GRPCRouteWeight'], ran: 3, durationMs: 9_000 };
    const both: FaultsRun = {
      ...run,
      faults: [
        { ...caught, official: missed },
        { ...survived, official: seen },
      ],
      official: { release: 'v1', profile: 'P', excluded: [], caught: 1, survived: 1, notRun: 0 },
    };
    expect(officialTotals(run)).to.equal(undefined);
    expect(officialTotals(both)).to.equal(
      'routeproof caught 1 of 2 (50 %), the official suite v1 (P) 1 of 2 (50 %)',
    );
    const text = faultsMarkdown(both);
    expect(text)
      .to.contain('| `method/exact` | routed | **survived** |')
      .and.to.contain('`GRPCRouteWeight` |');
    const open = { ...both, faults: [...both.faults, { ...caught, name: 'open' }] };
    expect(officialTotals(open)).to.match(/1 of 2 \(50 %\); it was not run against 1 more$/);
    expect(text).to.contain('the official suite v1 (P) 1 of 2');
    expect(officialFaultLine('a', missed)).to.match(/SURVIVED .* a: the official suite \(30 tests\)/);
    expect(officialFaultLine('a', seen)).to.contain('by the official suite, GRPCRouteWeight');
    expect(officialFaultLine('a', { ...missed, outcome: 'not-run', reason: 'late' })).to.match(
      /NOT RUN.*late$/,
    );
    expect(text).not.to.contain('no difference');
    const unseen = { ...missed, known: 'no-difference' as const };
    const replayed = faultsMarkdown({ ...both, faults: [{ ...caught, official: unseen }] });
    expect(replayed)
      .to.contain('| **survived**: no difference |')
      .and.to.contain('Against 1 of them it did not run');
    const partly = {
      ...both,
      faults: [...both.faults, { ...caught, official: unseen }, { ...caught, name: 'open' }],
    };
    expect(officialTotals(partly)).to.match(
      /v1 \(P\) 1 of the 2 that it ran against \(50 %\); 1 more make no difference to anything that it does, and it was not run against 1 more$/,
    );
    expect(officialFaultLine('a', unseen)).to.contain('SURVIVED').and.to.contain('a: no difference');
  });
});
