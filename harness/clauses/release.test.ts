import { expect } from 'chai';
import { holdsIn, isBeforeAll, servedRelease } from './release.ts';

describe('the release that a run is judged by', () => {
  it('is the newest served one that the CRDs are not older than', () => {
    expect(servedRelease('v1.6.3')).to.equal('v1.6.3');
    expect(servedRelease('v1.6.9')).to.equal('v1.6.3');
    expect(servedRelease('v1.7.0-rc.2')).to.equal('v1.7.0');
    expect(servedRelease('v1.10.0')).to.equal('v1.7.0');
    expect(servedRelease('v1.5.1')).to.equal('v1.6.3');
  });

  it('is not guessed from a bundle that is no release', () => {
    for (const version of ['unknown', 'monthly-2026.10', 'main'])
      expect(servedRelease(version)).to.equal(undefined);
  });

  it('is not that of CRDs before all of them', () => {
    expect(['v0.8.1', 'v1.2.1', 'v1.5.9'].map(isBeforeAll)).to.deep.equal([true, true, true]);
    expect(['v1.6.0', 'v1.6.3', 'v1.7.0', 'v2.0.0', 'unknown'].map(isBeforeAll)).to.not.include(true);
  });

  it('decides by both bounds of a clause, which belong to it', () => {
    expect(holdsIn({}, 'v1.6.3')).to.equal(true);
    expect(holdsIn({ since: 'v1.7.0' }, 'v1.6.3')).to.equal(false);
    expect(holdsIn({ since: 'v1.7.0' }, 'v1.7.0')).to.equal(true);
    expect(holdsIn({ until: 'v1.6.3' }, 'v1.6.3')).to.equal(true);
    expect(holdsIn({ until: 'v1.6.3' }, 'v1.7.0')).to.equal(false);
  });
});
