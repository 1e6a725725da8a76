import { expect } from 'chai';
import { withParentNamespaces } from './parent-namespaces.ts';

describe('withParentNamespaces', () => {
  const route = (...parentRefs: object[]) => ({
    kind: 'GRPCRoute',
    metadata: { name: 'checkout', namespace: 'own' },
    spec: { parentRefs, hostnames: ['a.example.com'] },
  });

  it('writes the namespace of the route into parentRefs that have none', () => {
    const written = route({ name: 'edge', sectionName: 'http' }, { name: 'edge', namespace: 'other' });
    expect(withParentNamespaces(written)).to.deep.equal(
      route({ name: 'edge', sectionName: 'http', namespace: 'own' }, { name: 'edge', namespace: 'other' }),
    );
    expect(written.spec.parentRefs[0]).to.not.have.property('namespace');
  });

  it('leaves a reference alone whose Gateway is named with its namespace as well', () => {
    const written = route({ name: 'edge', port: 80 }, { name: 'edge', namespace: 'own' });
    expect(withParentNamespaces(written)).to.deep.equal(written);
  });

  it('leaves parents of other kinds, names that scenarios ask about, and objects without parentRefs alone', () => {
    const written = route({ kind: 'Service', name: 'v1' }, { name: 'shared' }, { name: 'twin' });
    expect(withParentNamespaces(written, ['twin'])).to.deep.equal(written);
    const service = { kind: 'Service', metadata: { name: 'v1', namespace: 'own' }, spec: { ports: [] } };
    expect(withParentNamespaces(service)).to.equal(service);
  });
});
