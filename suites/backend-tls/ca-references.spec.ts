import { expect, scenario } from '../../harness/index.ts';
import type { Condition } from '../../harness/index.ts';
import { noneIsFalse } from '../optional-support.ts';
import { conditionOf } from '../shapes.ts';
import {
  ancestorOf,
  applyCa,
  applyRoute,
  applyService,
  caRef,
  hostOf,
  overTls,
  plainPort,
  policy,
  policyMust,
  strangeName,
  unavailable,
} from './policies.ts';

const noCa: Condition = { type: 'Accepted', status: 'False', reason: 'NoValidCACertificate' };
const invalidRef: Condition = { type: 'ResolvedRefs', status: 'False', reason: 'InvalidCACertificateRef' };
const invalidKind: Condition = { type: 'ResolvedRefs', status: 'False', reason: 'InvalidKind' };

/** What is wrong, by the name of the Service, policy and route. */
const cases: Record<string, { ref: object; says: Condition }> = {
  missing: { ref: caRef('missing'), says: invalidRef },
  'without-key': { ref: caRef('without-key'), says: invalidRef },
  malformed: { ref: caRef('malformed'), says: invalidRef },
  elsewhere: { ref: caRef('elsewhere'), says: invalidRef },
  'other-group': { ref: { group: 'trust.example.org', kind: 'ConfigMap', name: 'ca' }, says: invalidKind },
  'unknown-kind': { ref: { group: 'example.org', kind: 'Nothing', name: 'ca' }, says: invalidKind },
};

scenario(
  {
    id: 'backend-tls/ca-references',
    title: 'A policy without a usable CA says why, and its backend gets no call, least of all in plaintext',
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: [
      'btls-ca-invalid-ref',
      'btls-ca-invalid-kind',
      'btls-all-ca-invalid',
      'btls-invalid-fails-calls',
      'btls-no-plaintext-fallback',
      'btls-unmet-makes-backend-invalid',
      'backend-invalid-not-redistributed',
      'btls-ca-cross-namespace-invalid',
      'btls-some-ca-invalid',
      'btls-several-ca-refs',
    ],
    backends: ['v1'],
    manifests: [],
  },
  async (t) => {
    const configMap = (name: string, data: object, namespace?: string): object => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, ...(namespace !== undefined && { namespace }) },
      data,
    });
    await t.applyObjects(
      configMap('without-key', { 'tls.crt': t.backendCa }),
      configMap('malformed', { 'ca.crt': 'this is no certificate' }),
      configMap('elsewhere', { 'ca.crt': t.backendCa }, 'abroad'),
    );
    await applyCa(t);
    await applyService(t, 'valid');
    await t.applyObjects(policy('valid'));
    await applyRoute(t, 'valid');
    for (const [name, { ref }] of Object.entries(cases)) {
      // The port takes plaintext: a call that goes out without TLS would be answered.
      await applyService(t, name, 'v1', { grpc: plainPort });
      await t.applyObjects(policy(name, { validation: { caCertificateRefs: [ref] } }));
      await applyRoute(t, name);
    }

    await applyService(t, 'partly');
    await t.applyObjects(
      policy('partly', { validation: { caCertificateRefs: [caRef(), caRef('missing')] } }),
    );
    await applyRoute(t, 'partly');

    await applyCa(t, 'stranger', await t.tlsSecret({ name: 'stranger' }, [strangeName]));
    await applyService(t, 'several');
    await t.applyObjects(
      policy('several', { validation: { caCertificateRefs: [caRef('stranger'), caRef()] } }),
    );
    await applyRoute(t, 'several');

    // The other backend gets one call of a million, but for a gateway that gives it what this one cannot take.
    await applyRoute(t, 'split', { service: 'missing', beside: 'valid' });

    for (const [name, { says }] of Object.entries(cases)) {
      await policyMust(t, name, noCa);
      await policyMust(t, name, says);
      await t.routeMustHaveCondition(name, { type: 'ResolvedRefs', status: 'False' });
      await t.routeMustHaveCondition(name, { type: 'Accepted', status: 'True' });
      await t.callMust({ host: hostOf(name) }, unavailable);
    }
    await t.callMust({ host: hostOf('valid') }, overTls());
    await t.callMust({ host: hostOf('split') }, unavailable);
    await t.implied(['btls-some-ca-invalid'], async () => {
      await policyMust(t, 'partly', invalidRef);
      const partly = await t.get({ kind: 'BackendTLSPolicy', name: 'partly' });
      const condition = conditionOf(ancestorOf(t, partly)?.conditions, 'Accepted');
      expect(condition, 'Accepted').to.include.keys('status', 'reason');
      expect(condition?.reason).not.to.equal(noCa.reason);
    });
    await t.implied(['btls-several-ca-refs'], async () => {
      const several = { kind: 'BackendTLSPolicy', name: 'several' };
      const types = ['Accepted', 'ResolvedRefs'];
      if (await noneIsFalse(t, several, types, (object) => ancestorOf(t, object)?.conditions))
        await t.callMust({ host: hostOf('several') }, overTls());
      else t.note('A second CA reference is not supported, and the policy says so.');
    });
    await t.barrier();
    for (const name of Object.keys(cases)) await t.callMustAlways({ host: hostOf(name) }, unavailable, 5);

    await t.check(
      'the message names the ConfigMap that is not there',
      async () => {
        const object = await t.get({ kind: 'BackendTLSPolicy', name: 'missing' });
        const condition = conditionOf(ancestorOf(t, object)?.conditions, 'ResolvedRefs');
        expect(condition?.message).to.contain('missing');
      },
      'status',
    );
    await t.check(
      'a namespace in a reference is no field of the API',
      async () => {
        const ref = { ...caRef('elsewhere'), namespace: 'abroad' };
        const refusal = await t.rejection(policy('judged', { validation: { caCertificateRefs: [ref] } }));
        expect(refusal).to.match(/caCertificateRefs\[0\]\.namespace|field not declared/);
      },
      'apply',
    );
  },
);
