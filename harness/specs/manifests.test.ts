import { expect } from 'chai';
import { manifestFiles, manifestFor, variantProblems } from './manifests.ts';

describe('manifests of a scenario', () => {
  it('are those that it names, else the one with its name', () => {
    expect(manifestFiles({ id: 'header/exact' })).to.deep.equal(['exact.yaml']);
    expect(manifestFiles({ id: 'header/exact', manifests: [] })).to.deep.equal([]);
  });

  it('are applied in the newest form that the CRDs take', () => {
    const files = ['a.yaml', 'a-v1.7.0.yaml', 'b.yaml'];
    expect(manifestFor(files, 'a.yaml', 'v1.6.3')).to.equal('a.yaml');
    expect(manifestFor(files, 'a.yaml', 'v1.7.0')).to.equal('a-v1.7.0.yaml');
    expect(manifestFor(files, 'b.yaml', 'v1.7.0')).to.equal('b.yaml');
    expect(manifestFor(['a.yaml', 'a-v1.6.3.yaml'], 'a.yaml', 'v1.7.0')).to.equal('a-v1.6.3.yaml');
  });

  it('are refused when they are for no release, or for one only', () => {
    expect(variantProblems(['a.yaml', 'a-v1.7.0.yaml', 'other-v2.yaml'])).to.deep.equal([]);
    expect(variantProblems(['a.yaml', 'a-v1.7.1.yaml', 'b-v1.7.0.yaml'])).to.deep.equal([
      'the manifest a-v1.7.1.yaml is for v1.7.1, not one of v1.6.3, v1.7.0',
      'the manifest b-v1.7.0.yaml has no b.yaml for older CRDs',
    ]);
  });
});
