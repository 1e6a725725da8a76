import { expect } from 'chai';
import { judgePolicies } from './backend-tls.ts';
import type { BackendTlsPolicies, PolicyInput } from './backend-tls.ts';
import { CaReader, systemCas } from './ca-certificates.ts';
import { caPem } from './ca.fixture.ts';
import type { BackendTlsPolicy, ConfigMap, Service } from '../model/gateway-api.ts';

const service: Service = {
  metadata: { name: 'svc', namespace: 'app' },
  spec: {
    ports: [
      { name: 'one', port: 1 },
      { name: 'two', port: 2 },
    ],
  },
};
const ca: ConfigMap = { metadata: { name: 'ca', namespace: 'app' }, data: { 'ca.crt': caPem } };

function policy(name: string, sectionName?: string, validation: object = {}): BackendTlsPolicy {
  return {
    metadata: { name, namespace: 'app', generation: 1 },
    spec: {
      targetRefs: [
        { group: '', kind: 'Service', name: 'svc', ...(sectionName !== undefined && { sectionName }) },
      ],
      validation: { hostname: `${name}.example.org`, caCertificateRefs: [{ name: 'ca' }], ...validation },
    },
  };
}

function input(policies: BackendTlsPolicy[], configMap = ca): PolicyInput {
  return {
    policies,
    services: new Map([['app/svc', service]]),
    configMaps: new Map([['app/ca', configMap]]),
    cas: new CaReader(),
    controllerName: 'ours',
  };
}

const inForce = (policies: BackendTlsPolicies, port: string) => policies.on('app/svc', port)?.key;

describe('BackendTLSPolicies', () => {
  it('are in force on a port: its own before that of the Service', () => {
    const policies = judgePolicies(input([policy('all'), policy('one', 'one')]));
    expect([inForce(policies, 'one'), inForce(policies, 'two')]).to.deep.equal(['app/one', 'app/all']);
    expect(policies.on('app/other', 'one')).to.equal(undefined);
  });

  it('stay the same objects as long as they come out the same', () => {
    const [one, two] = [policy('one', 'one'), policy('two', 'two')];
    const before = judgePolicies(input([one, two]));
    const written = { ...one, status: { ancestors: [] } };
    expect(judgePolicies(input([written, two]), before)).to.equal(before);
    const after = judgePolicies(input([policy('one', 'one', { hostname: 'new.example.org' }), two]), before);
    expect(after.on('app/svc', 'two')).to.equal(before.on('app/svc', 'two'));
    expect(after.on('app/svc', 'one')?.tls?.digest).not.to.equal(before.on('app/svc', 'one')?.tls?.digest);
  });

  it('have another digest when the content of the CA changes', () => {
    const twice = {
      ...ca,
      data: { 'ca.crt': `${systemCas().slice(0, systemCas().indexOf('-----END'))}-----END CERTIFICATE-----` },
    };
    const before = judgePolicies(input([policy('all')])).on('app/svc', 'one')?.tls;
    const after = judgePolicies(input([policy('all')], twice)).on('app/svc', 'one')?.tls;
    expect(after?.settings.caPem).not.to.equal(before?.settings.caPem);
    expect(after?.digest).not.to.equal(before?.digest);
  });

  it('trust the CAs of the system where they say so', () => {
    const validation = { caCertificateRefs: [], wellKnownCACertificates: 'System' };
    const judged = judgePolicies(input([policy('all', undefined, validation)])).on('app/svc', 'one');
    expect(judged?.notAccepted).to.equal(undefined);
    expect(judged?.tls?.settings.caPem).to.equal(systemCas());
    expect(systemCas().match(/BEGIN CERTIFICATE/g)?.length).to.be.greaterThan(50);
  });
});
