import { expect, scenario } from '../../harness/index.ts';
import { mustBeMisdirected } from '../tls/must-be-misdirected.ts';
import {
  entryMustBeConflicted,
  entryMustHaveCondition,
  setMustBeProgrammed,
  setMustBeRefused,
  setRef,
} from './shapes.ts';
import type { ListenerSet } from './shapes.ts';

const notPermitted = { type: 'ResolvedRefs', status: 'False', reason: 'RefNotPermitted' } as const;
const invalid = { type: 'ResolvedRefs', status: 'False', reason: 'InvalidCertificateRef' } as const;

scenario(
  {
    id: 'listener-set/certificates',
    title:
      'A ListenerSet uses certificates of its own namespace, and others by grants to ListenerSets of that namespace only; each of its listeners that cannot be served says so, and one that is served answers 421 to what others of its port have',
    support: 'extended',
    features: ['ListenerSet', 'ReferenceGrant'],
    clauses: [
      'listenerset-secret-own-namespace',
      'listenerset-grant-not-inherited',
      'listenerset-grant-not-shared-upward',
      'listenerset-grant-works',
      'refgrant-same-namespace-not-needed',
      'listenerset-some-invalid-accepted',
      'tls-secret-nonexistent',
      'tls-secret-malformed',
      'tls-secret-recovers',
      'tls-config-missing',
      'listener-unsupported-protocol',
      'listenerset-no-information-leak',
      'refgrant-wrong-from-namespace',
      'listener-misdirected-421',
      'listenerset-precedence-unserved-listener',
    ],
    backends: ['apps/v1', 'v2'],
    manifests: ['certificates.yaml', 'certificates.grant.yaml'],
  },
  async (t) => {
    const own = await t.tlsSecret({ name: 'own-cert', namespace: 'apps' }, ['own.example.com']);
    const lent = await t.tlsSecret({ name: 'lent-to-sets', namespace: 'vault' }, ['granted.example.com']);
    const others = await t.tlsSecret({ name: 'lent-to-gateways', namespace: 'vault' }, [
      'stolen.example.com',
    ]);
    await t.tlsSecret({ name: 'wide-cert' }, ['*.wide.example.com']);
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await setMustBeProgrammed(t, 'apps/team');
    await entryMustHaveCondition(t, 'apps/team', 'own', { type: 'ResolvedRefs', status: 'True' });
    for (const entry of ['granted', 'not-granted']) {
      await entryMustHaveCondition(t, 'apps/team', entry, notPermitted);
      await entryMustHaveCondition(t, 'apps/team', entry, { type: 'Programmed', status: 'False' });
    }
    for (const entry of ['late', 'malformed']) {
      await entryMustHaveCondition(t, 'apps/team', entry, invalid);
      await entryMustHaveCondition(t, 'apps/team', entry, { type: 'Programmed', status: 'False' });
    }
    await entryMustHaveCondition(t, 'apps/team', 'without-tls', { type: 'Programmed', status: 'False' });
    await entryMustHaveCondition(t, 'apps/team', 'odd', {
      type: 'Accepted',
      status: 'False',
      reason: 'UnsupportedProtocol',
    });
    await setMustBeProgrammed(t, 'stranger');
    await entryMustHaveCondition(t, 'apps/team', 'narrow', { type: 'Accepted', status: 'True' });
    await t.barrier({ gateway: 'edge', listener: 'http', host: 'gw.example.com' });
    const team = await t.get<ListenerSet>(setRef('apps/team'));
    await t.check(
      'where hostnames overlap, nobody learns whose they are',
      () => {
        const told = JSON.stringify(team.status);
        for (const name of ['stranger', 'secretive']) expect(told).to.not.contain(name);
      },
      'status',
    );
    await t.implied(['listenerset-precedence-unserved-listener'], async () => {
      await entryMustBeConflicted(t, 'apps/team', 'taker', 'HostnameConflict');
      const taken = await t.call({ host: 'taken.example.com', tls: true });
      await t.check(
        'a listener that waits for its certificate keeps its place',
        () => expect(taken.backend).to.equal(undefined),
        'routed',
      );
    });
    await setMustBeRefused(t, 'apps/helpless', 'ListenersNotValid');
    await t.callMust({ host: 'own.example.com', tls: { ca: own } }, { backend: 'apps/v1' });

    const [ofGateway, ofSet] = ['gw.wide.example.com', 'a.wide.example.com'];
    await t.callMust({ host: ofSet, port: 8443, tls: true }, { backend: 'apps/v1' });
    await t.callMust({ host: ofGateway, port: 8443, tls: true }, { backend: 'v2' });
    await mustBeMisdirected(t, { host: ofSet, serverName: ofGateway, port: 8443 });
    await mustBeMisdirected(t, { host: ofGateway, serverName: ofSet, port: 8443 });

    const renewed = await t.tlsSecret({ name: 'own-cert', namespace: 'apps' }, ['own.example.com']);
    await t.callMust({ host: 'own.example.com', tls: { ca: renewed } }, { backend: 'apps/v1' });

    const late = await t.tlsSecret({ name: 'late-cert', namespace: 'apps' }, ['late.example.com']);
    await t.implied(['tls-secret-recovers'], async () => {
      for (const type of ['ResolvedRefs', 'Programmed'])
        await entryMustHaveCondition(t, 'apps/team', 'late', { type, status: 'True' });
      await t.callMust({ host: 'late.example.com', tls: { ca: late } }, { backend: 'apps/v1' });
    });

    await t.apply('certificates.grant.yaml');
    await entryMustHaveCondition(t, 'apps/team', 'granted', { type: 'ResolvedRefs', status: 'True' });
    await entryMustHaveCondition(t, 'apps/team', 'granted', { type: 'Programmed', status: 'True' });
    await t.callMust({ host: 'granted.example.com', tls: { ca: lent } }, { backend: 'apps/v1' });
    await t.listenerMustHaveCondition('edge', 'lent-to-sets', notPermitted);
    await entryMustHaveCondition(t, 'apps/team', 'not-granted', notPermitted);
    const stolen = await t.call({ host: 'stolen.example.com', tls: { ca: others } });
    await t.check(
      'no handshake succeeds with a certificate that was lent to Gateways',
      () => expect(stolen.status).to.equal(null),
      'tls',
    );

    await t.remove({ kind: 'ReferenceGrant', name: 'sets', namespace: 'vault' });
    await entryMustHaveCondition(t, 'apps/team', 'granted', notPermitted);
    await entryMustHaveCondition(t, 'apps/team', 'granted', { type: 'Programmed', status: 'False' });
    await t.callMust({ host: 'own.example.com', tls: { ca: renewed } }, { backend: 'apps/v1' });
    await t.callMust({ host: 'granted.example.com', tls: { ca: lent } }, { status: null });
  },
);
