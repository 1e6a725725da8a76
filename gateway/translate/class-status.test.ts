import { expect } from 'chai';
import { supportedFeatures } from './class-status.ts';
import { compareText } from './memory/compare-text.ts';
import type { Crd } from './model/gateway-api.ts';

function httpRoutes(release: string, channel: string): Crd[] {
  const group = 'gateway.networking.k8s.io';
  const annotations = { [`${group}/bundle-version`]: release, [`${group}/channel`]: channel };
  return [{ metadata: { name: `httproutes.${group}`, annotations } }];
}

const newest = supportedFeatures(httpRoutes('v1.7.0', 'experimental'));

describe('supportedFeatures', () => {
  it('are in ascending order, once each, and never of a mesh', () => {
    expect(newest).to.deep.equal([...new Set(newest)].sort(compareText));
    expect(newest.filter((name) => name.startsWith('Mesh'))).to.deep.equal([]);
  });

  it('have names as the API asks: letters and digits in PascalCase after the resource', () => {
    for (const name of newest) {
      expect(name).to.match(
        /^(BackendTLSPolicy|GRPCRoute|HTTPRoute|Gateway|ListenerSet|ReferenceGrant)([A-Z0-9][A-Za-z0-9]*)?$/,
      );
    }
  });

  for (const [release, channel, retries] of [
    ['v1.6.3', 'standard', []],
    ['v1.6.3', 'experimental', ['HTTPRouteRetry', 'HTTPRouteRetryConnectionError']],
    ['v1.7.0', 'standard', ['HTTPRouteRetryCodes', 'HTTPRouteRetryConnectionError']],
    ['', '', []],
  ] as const) {
    it(`claim retries as the CRDs of ${release === '' ? 'no release' : release}, ${channel}, have them`, () => {
      const claimed = supportedFeatures(httpRoutes(release, channel));
      expect(claimed.filter((name) => name.includes('Retry'))).to.deep.equal(retries);
      expect(claimed).to.include.members(['GRPCRoute', 'HTTPRoute']);
    });
  }
});
