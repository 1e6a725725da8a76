import { expect } from 'chai';
import { exampleRun } from '../testing/example-run.fixture.ts';
import { filterFragment, matches, noFilter, parseFragment, scenarioFragment, type Filter } from './filter.ts';

function found(filter: Partial<Filter>): string[] {
  return exampleRun()
    .scenarios.filter((s) => matches({ ...noFilter(), ...filter }, s))
    .map((s) => s.id);
}

describe('filter', () => {
  it('finds by verdict, suite and clause', () => {
    expect(found({ verdicts: new Set(['slow', 'unstable']) })).to.deep.equal([
      'filter/mirror',
      'backend/recovers',
    ]);
    expect(found({ suite: 'weight' })).to.have.length(3);
    expect(found({ clause: 'header-default-type-exact' })).to.deep.equal(['header/exact']);
    expect(found({ verdicts: new Set(['wrong']), suite: 'weight' })).to.deep.equal([]);
  });

  it('finds every word anywhere, in any case', () => {
    expect(found({ text: 'V2 only  headers' })).to.deep.equal(['header/several-all-must-match']);
    expect(found({ text: 'nowhere' })).to.deep.equal([]);
    expect(found({ text: '  ' })).to.have.length(65);
  });

  it('survives the way through the address', () => {
    const filter: Filter = {
      verdicts: new Set(['wrong', 'slow']),
      suite: 'a&b',
      clause: '#=%',
      text: 'Grüße 世界',
    };
    expect(parseFragment(filterFragment(filter)).filter).to.deep.equal(filter);
    expect(parseFragment('#verdict=wrong,nonsense').filter.verdicts).to.deep.equal(new Set(['wrong']));
  });

  it('links to a scenario by its id', () => {
    expect(scenarioFragment('hostname/exact')).to.equal('#scenario=hostname/exact');
    expect(parseFragment('#scenario=hostname/exact').scenario).to.equal('hostname/exact');
    expect(parseFragment(scenarioFragment('a b/<&#%+')).scenario).to.equal('a b/<&#%+');
    expect(() => scenarioFragment('\ud800')).not.to.throw();
  });
});
