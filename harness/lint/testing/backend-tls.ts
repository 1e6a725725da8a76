import { api, ca, inNamespace, pem, policy, service, type Case } from './objects.ts';

const trusting = (ref: object): object => {
  const one = policy('p', { name: 'shop' }) as { spec: { validation: object } };
  return { ...one, spec: { ...one.spec, validation: { ...one.spec.validation, caCertificateRefs: [ref] } } };
};

/** BackendTLSPolicies. */
export const backendTlsCases: Case[] = [
  {
    rule: 'backend-tls-target-name',
    field: 'spec.targetRefs[0].name',
    bad: [policy('shop', { name: 'shop.default.svc' })],
    good: [policy('shop', { name: 'shop' })],
  },
  {
    rule: 'backend-tls-port-not-found',
    field: 'spec.targetRefs[0].sectionName',
    bad: [
      policy('p', { name: 'shop', sectionName: 'grpc' }),
      service({ ports: [{ name: 'http', port: 80 }] }),
    ],
    good: [
      policy('p', { name: 'shop', sectionName: 'http' }),
      service({ ports: [{ name: 'http', port: 80 }] }),
    ],
  },
  {
    rule: 'backend-tls-ca-missing',
    field: 'spec.validation.caCertificateRefs[0].name',
    bad: [policy('p', { name: 'shop' }), ca('')],
    good: [policy('p', { name: 'shop' }), ca(pem)],
  },
  {
    rule: 'backend-tls-same-target',
    field: 'spec.targetRefs[0]',
    bad: [policy('p', { name: 'shop' }), policy('q', { name: 'shop' })],
    good: [policy('p', { name: 'shop' }), policy('q', { name: 'shop', sectionName: 'grpc' })],
  },
  {
    rule: 'backend-tls-several-targets',
    field: 'spec.targetRefs',
    bad: [policy('p', { name: 'shop' }, { name: 'store' })],
    good: [policy('p', { name: 'shop' })],
  },

  {
    rule: 'backend-tls-ca-missing',
    field: 'spec.validation.caCertificateRefs[0].name',
    bad: [policy('p', { name: 'shop' }), ca('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')],
    good: [policy('p', { name: 'shop' }), ca(pem)],
  },
  {
    rule: 'backend-tls-ca-kind',
    field: 'spec.validation.caCertificateRefs[0].kind',
    bad: [trusting({ group: '', kind: 'Secret', name: 'ca' })],
    good: [trusting({ group: '', kind: 'ConfigMap', name: 'ca' })],
  },
  {
    rule: 'backend-tls-in-other-namespace',
    field: 'spec.targetRefs[0].name',
    bad: [policy('p', { name: 'shop' }), inNamespace(service({}), 'store')],
    good: [policy('p', { name: 'shop' }), service({})],
  },
  {
    rule: 'backend-tls-in-other-namespace',
    field: 'spec.validation.caCertificateRefs[0].name',
    bad: [policy('p', { name: 'shop' }), inNamespace(ca(pem), 'store')],
    good: [policy('p', { name: 'shop' }), ca(pem)],
  },
  {
    rule: 'backend-tls-target-kind',
    field: 'spec.targetRefs[0].kind',
    bad: [policy('p', { group: api.split('/')[0], kind: 'Gateway', name: 'edge' })],
    good: [policy('p', { group: 'example.com', kind: 'Backend', name: 'shop' })],
  },
];
