import { expect } from 'chai';
import { supportedVersion } from './crd-versions.ts';
import type { Crd } from './model/gateway-api.ts';

const crd = (name: string, version?: string): Crd => ({
  metadata: {
    name: name.includes('.') ? name : `${name}.gateway.networking.k8s.io`,
    ...(version !== undefined && { annotations: { 'gateway.networking.k8s.io/bundle-version': version } }),
  },
});

describe('the release of the CRDs', () => {
  it('is supported when it is one that is known, whatever the patch', () => {
    const condition = supportedVersion([crd('gateways', 'v1.6.3'), crd('grpcroutes', 'v1.7.0-rc.1')]);
    expect(condition).to.include({ status: 'True', reason: 'SupportedVersion' });
  });

  it('is not when one CRD is of another, or says none; the message names both, and what is supported', () => {
    const known = crd('gateways', 'v1.6.3');
    const older = supportedVersion([known, crd('tlsroutes', 'v1.60.0'), crd('grpcroutes', 'v1.60.0')]);
    expect(older).to.include({ type: 'SupportedVersion', status: 'False', reason: 'UnsupportedVersion' });
    expect(older?.message).to.contain('v1.6.3, v1.60.0 (grpcroutes, tlsroutes); supported: v1.6, v1.7');
    expect(supportedVersion([known, crd('grpcroutes')])?.message).to.contain('no version (grpcroutes)');
  });

  it('is about CRDs of Gateway API alone, and unknown without any', () => {
    expect(supportedVersion([crd('certificates.cert-manager.io')])).to.equal(undefined);
    expect(supportedVersion([])).to.equal(undefined);
  });
});
