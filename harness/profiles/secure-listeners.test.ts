import { expect } from 'chai';
import { exclusionOf } from './excluded-objects.ts';
import { readProfile } from './profile.ts';
import { secured } from './secure-listeners.ts';

const gateway = (...listeners: object[]) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'edge' },
  spec: { gatewayClassName: 'any', listeners },
});

describe('listeners under a profile that takes HTTPS only', () => {
  it('become HTTPS ones of the same name, port and hostname', () => {
    const { spec } = secured(
      gateway({ name: 'a', port: 80, protocol: 'HTTP', hostname: 'a.example.com' }),
      'cert',
    );
    expect(spec.listeners).to.deep.equal([
      {
        name: 'a',
        port: 80,
        protocol: 'HTTPS',
        hostname: 'a.example.com',
        tls: { mode: 'Terminate', certificateRefs: [{ name: 'cert' }] },
      },
    ]);
  });

  it('stay what they are where nothing is plain, and so does every other object', () => {
    const https = gateway({ name: 'a', port: 443, protocol: 'HTTPS' });
    expect(secured(https)).to.equal(https);
    const service = { apiVersion: 'v1', kind: 'Service', spec: { listeners: [{ protocol: 'HTTP' }] } };
    expect(secured(service)).to.equal(service);
  });
});

describe('objects that a profile does not take', () => {
  const route = (...matches: object[]) => ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { name: 'greeter' },
    spec: { rules: [{ matches }] },
  });
  const method = (name: string) => ({ method: { service: 'a.B', method: name } });

  it('are named with the deviation and the place in the document', () => {
    const text = exclusionOf(readProfile('aws-vpc-lattice'), route(method('One'), method('Two')));
    expect(text).to.match(
      /^profile aws-vpc-lattice, one-method-match: GRPCRoute greeter has a second method/,
    );
    expect(text).to.contain('Limitations, Method Matches');
  });

  it('are none where the document is kept to, nor under the spec', () => {
    expect(exclusionOf(readProfile('aws-vpc-lattice'), route(method('One')))).to.equal(undefined);
    expect(exclusionOf(readProfile('standard'), route(method('One'), method('Two')))).to.equal(undefined);
  });
});
