import { expect, scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import {
  accepted,
  ancestorOf,
  applyCa,
  applyRoute,
  applyService,
  backendName,
  hostOf,
  inPlaintext,
  otherName,
  overTls,
  plainPort,
  policy,
  policyMust,
  tlsPort,
} from './policies.ts';
import type { Policy } from './policies.ts';

scenario(
  {
    id: 'backend-tls/section-name',
    title:
      'A policy for one port of a Service is in force there only, before one for the whole Service, and as soon as the Service has it',
    support: 'extended',
    features: ['BackendTLSPolicy'],
    clauses: ['btls-section-beats-whole-service', 'btls-section-not-found'],
    backends: ['v1'],
    manifests: [],
  },
  async (t) => {
    const isNotAccepted = async (name: string): Promise<void> => {
      const lost = await t.until(
        { kind: 'BackendTLSPolicy', name },
        'a condition that is False',
        (object) => ancestorOf(t, object)?.conditions.some(({ status }) => status === 'False') ?? false,
        'status',
      );
      await t.check(
        'a policy for a port that is not there is not accepted',
        () => {
          const condition = conditionOf(ancestorOf(t, lost)?.conditions, 'Accepted');
          expect(condition?.status).not.to.equal('True');
        },
        'status',
      );
    };
    await applyCa(t);
    await applyService(t, 'both', 'v1', { first: tlsPort, second: tlsPort });
    // The one for the Service is the older one: were they in conflict, it would win.
    await t.applyObjects(policy('whole', { service: 'both', validation: { hostname: otherName } }));
    await t.applyObjects(policy('one-port', { service: 'both', sectionName: 'first' }));
    await applyRoute(t, 'first', { service: 'both', port: 443 });
    await applyRoute(t, 'second', { service: 'both', port: 444 });

    await applyService(t, 'half', 'v1', { tls: tlsPort, plain: plainPort });
    await t.applyObjects(policy('half', { sectionName: 'tls' }));
    await applyRoute(t, 'half-tls', { service: 'half', port: 443 });
    await applyRoute(t, 'half-plain', { service: 'half', port: 444 });

    await applyService(t, 'unnamed', 'v1', { plain: plainPort });
    await t.applyObjects(policy('unnamed', { sectionName: 'nowhere' }));
    await applyRoute(t, 'unnamed');

    for (const name of ['whole', 'one-port', 'half']) await policyMust(t, name, accepted);
    await t.callMust({ host: hostOf('first') }, overTls(backendName));
    await t.callMust({ host: hostOf('second') }, overTls(otherName));
    await t.callMust({ host: hostOf('half-tls') }, overTls());
    await t.callMust({ host: hostOf('half-plain') }, inPlaintext());
    await t.callMust({ host: hostOf('unnamed') }, inPlaintext());
    await t.barrier();
    for (const name of ['half-plain', 'unnamed'])
      await t.callMustAlways({ host: hostOf(name) }, inPlaintext(), 5);

    await isNotAccepted('unnamed');

    // Another port may have a policy of its own beside that.
    await t.applyObjects(policy('other-port', { service: 'both', sectionName: 'second' }));
    await policyMust(t, 'other-port', accepted);
    await t.callMust({ host: hostOf('second') }, overTls(backendName));
    await t.callMustAlways({ host: hostOf('first') }, overTls(backendName), 3);
    await t.remove({ kind: 'BackendTLSPolicy', name: 'other-port' });
    await t.callMust({ host: hostOf('second') }, overTls(otherName));

    await t.update<Policy>({ kind: 'BackendTLSPolicy', name: 'one-port' }, ({ spec }) => {
      spec.targetRefs = [{ group: '', kind: 'Service', name: 'both', sectionName: 'second' }];
    });
    await t.callMust({ host: hostOf('second') }, overTls(backendName));
    await t.callMust({ host: hostOf('first') }, overTls(otherName));
    await t.remove({ kind: 'BackendTLSPolicy', name: 'one-port' });
    await t.callMust({ host: hostOf('second') }, overTls(otherName));

    // The port that a policy waits for may come later, by an edit of the Service.
    await applyService(t, 'unnamed', 'v1', { nowhere: tlsPort });
    await policyMust(t, 'unnamed', accepted);
    await t.callMust({ host: hostOf('unnamed') }, overTls());
    // And go again.
    await applyService(t, 'unnamed', 'v1', { plain: plainPort });
    await isNotAccepted('unnamed');
    await t.callMust({ host: hostOf('unnamed') }, inPlaintext());
  },
);
