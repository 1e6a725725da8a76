import { expect } from 'chai';
import { supportedFeatures } from './class-status.ts';
import { compareText } from './compiled.ts';

describe('supportedFeatures', () => {
  it('are in ascending order, once each, and never of a mesh', () => {
    expect(supportedFeatures).to.deep.equal([...new Set(supportedFeatures)].sort(compareText));
    expect(supportedFeatures.filter((name) => name.startsWith('Mesh'))).to.deep.equal([]);
  });

  it('have names as the API asks: letters and digits in PascalCase after the resource', () => {
    for (const name of supportedFeatures) {
      expect(name).to.match(
        /^(BackendTLSPolicy|GRPCRoute|HTTPRoute|Gateway|ListenerSet|ReferenceGrant)([A-Z0-9][A-Za-z0-9]*)?$/,
      );
    }
  });
});
