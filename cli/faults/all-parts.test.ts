import { expect } from 'chai';
import { RouteproofError } from '../../common/errors.ts';
import { partsToRun } from './all-parts.ts';
import { plantedFaults } from './planted-faults.ts';

describe('faults --all', () => {
  it('runs each fault once, in the part that it belongs to', () => {
    const parts = partsToRun();
    expect(parts[0]).to.include({ release: 'v1.6.3', channel: 'standard' });
    const named = parts.flatMap(({ names }) => names);
    expect(named).to.have.members(plantedFaults().map(({ name }) => name));
    expect(new Set(parts.map(({ release, channel }) => release + channel))).to.have.property(
      'size',
      parts.length,
    );
  });

  it('leaves out the parts that none of the named faults belongs to', () => {
    expect(partsToRun(['two-routes-one-hostname', 'exact-method-is-prefix'])).to.deep.equal([
      {
        release: 'v1.6.3',
        channel: 'standard',
        names: ['exact-method-is-prefix', 'two-routes-one-hostname'],
      },
    ]);
  });

  it('names what is like an unknown fault', () => {
    expect(() => partsToRun(['exact-method-is-prefx'])).to.throw(RouteproofError, 'unknown fault');
  });
});
