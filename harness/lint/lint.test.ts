import { expect } from 'chai';
import { knownClauses } from '../specs/validate.ts';
import { lint, type LintOptions } from './lint.ts';
import { lintProfiles, rulesOf, type LintProfile } from './profiles.ts';
import { schemaClauses } from './schema-clauses.ts';
import { attachmentCases } from './testing/attachment.ts';
import { backendTlsCases } from './testing/backend-tls.ts';
import { backendsCases } from './testing/backends.ts';
import { listenersCases } from './testing/listeners.ts';
import { matchesCases } from './testing/matches.ts';
import {
  attached,
  away,
  backendRefs,
  gateway,
  grant,
  headers,
  http,
  https,
  httpRoute,
  inNamespace,
  matching,
  method,
  namespace,
  openGateway,
  policy,
  route,
  secret,
  service,
  set,
  toEdge,
} from './testing/objects.ts';
import { profilesCases } from './testing/profiles.ts';
import { schemaCases } from './testing/schema.ts';

const cases = [
  ...schemaCases,
  ...attachmentCases,
  ...backendsCases,
  ...listenersCases,
  ...matchesCases,
  ...backendTlsCases,
  ...profilesCases,
];

describe('lint', () => {
  const foundWith = (objects: object[], options: LintOptions) =>
    lint(
      [{ file: 'all.json', text: objects.map((object) => JSON.stringify(object, null, 1)).join('\n---\n') }],
      options,
    ).findings;
  const found = (objects: object[], profile: LintProfile = 'standard') => foundWith(objects, { profile });

  for (const { rule, field, bad, good, profile } of cases) {
    it(`${rule} finds ${field}, and nothing where it is right`, () => {
      const findings = found(bad, profile);
      expect(findings.map((each) => `${each.rule} ${each.field}`)).to.include(`${rule} ${field}`);
      expect(findings.filter(({ rule: other }) => other === 'schema' && other !== rule)).to.deep.equal([]);
      expect(found(good, profile)).to.deep.equal([]);
    });
  }

  it('says how long a value has to be', () => {
    const [finding] = found([
      route({ rules: [{ matches: [{ headers: [{ name: 'version', value: '' }] }] }] }),
    ]);
    expect(finding?.fix).to.equal('write at least 1 character');
  });

  for (const [what, object, fix] of [
    [
      'a port in quotes',
      service({ ports: [{ port: 80, targetPort: '8080' }] }),
      'write a number without quotes, or the name of a port: lower-case letters, digits and hyphens',
    ],
    ['ports', service({ ports: [] }), 'add ports, or clusterIP: None where it needs none'],
    ['a protocol', service({ ports: [{ port: 80, protocol: 'HTTP' }] }), 'use one of TCP, UDP, SCTP'],
    ['a key pair', secret({}), 'add both, as `kubectl create secret tls` does, or write another type'],
  ] as const) {
    it(`says how to mend ${what}`, () => {
      expect(found([object]).map((finding) => finding.fix)).to.deep.equal([fix]);
    });
  }

  it('takes a Service of a group that may be the implementation’s own for a target of a policy', () => {
    const policy = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'BackendTLSPolicy',
      metadata: { name: 'own' },
      spec: {
        targetRefs: [{ group: 'serving.example.com', kind: 'Service', name: 'v1' }],
        validation: { hostname: 'v1.example.com', wellKnownCACertificates: 'System' },
      },
    };
    expect(found([policy])).to.deep.equal([]);
  });

  it('knows the label that every namespace has', () => {
    const key = 'kubernetes.io/metadata.name';
    const among = (...values: string[]) => {
      const selector = { matchExpressions: [{ key, operator: 'In', values }] };
      const edge = gateway({ ...https, allowedRoutes: { namespaces: { from: 'Selector', selector } } });
      return found([edge, route()]).map(({ rule }) => rule);
    };
    expect(among('default', 'other')).to.deep.equal([]);
    expect(among('other')).to.deep.equal(['namespace-not-allowed']);
  });

  it('does not look at certificates of a listener that passes TLS through', () => {
    const tls = { mode: 'Passthrough', certificateRefs: [{ name: 'cert', namespace: 'store' }] };
    const rules = found([gateway({ ...https, protocol: 'TLS', tls })]).map(({ rule }) => rule);
    expect(rules).not.to.include('certificate-not-granted');
  });

  it('takes a field that every object has by nature for one that no release knows', () => {
    const [finding] = found([route({ constructor: 1 })]);
    expect([finding?.rule, finding?.fix]).to.deep.equal([
      'schema',
      'remove it or mend its name and indentation: there can be hostnames, parentRefs, rules',
    ]);
  });

  it('has a case for every rule, with a clause that exists', () => {
    const rules = new Map(lintProfiles.flatMap((profile) => rulesOf(profile).map((rule) => [rule.id, rule])));
    const tried = new Set(cases.map(({ rule }) => rule));
    expect([...rules.keys()].filter((id) => !tried.has(id))).to.deep.equal([]);
    const named = cases.flatMap(({ bad, profile }) => found(bad, profile)).map(({ clause }) => clause);
    const clauses = [...[...rules.values()].map(({ clause }) => clause), ...named, ...schemaClauses];
    expect(clauses.filter((clause) => clause !== undefined && !knownClauses().has(clause))).to.deep.equal([]);
  });

  it('names the clause of a schema, and where else a field is known', () => {
    const [finding] = found([route({ rules: [{ sessionPersistence: {} }] })]);
    expect(finding).to.include({
      clause: 'validation-grpcroute-strict-unknown-field',
      field: 'spec.rules[0].sessionPersistence',
    });
    expect(finding?.fix).to.contain('--channel experimental');
    expect(found([route({ hostnames: ['A.example.com'] })])[0]?.clause).to.equal(
      'validation-grpcroute-hostname-pattern',
    );
  });

  it('says where a field belongs that is one step too far in or out', () => {
    const fixOf = (object: object): string | undefined => found([object])[0]?.fix;
    expect(fixOf(matching({ service: 'a.B' }))).to.match(
      /; spec.rules\[0\].matches\[0\].method can have it$/,
    );
    expect(fixOf(matching({ ...headers('a'), filters: [] }))).to.match(/; spec.rules\[0\] can have it$/);
    expect(fixOf(route({}, { name: 'shop' }))).to.match(/; metadata can have it$/);
  });

  it('tells of a value of the wrong type and of an empty text once', () => {
    const address = { gatewayClassName: 'any', addresses: ['10.0.0.1'], listeners: [https] };
    expect(found([{ ...gateway(), spec: address }]).length).to.equal(1);
    expect(found([route({ hostnames: [''] })]).length).to.equal(1);
  });

  it('shows nothing of a Secret', () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'cert' },
      data: { key: 'a secret' },
    };
    expect(JSON.stringify(found([secret]))).not.to.contain('a secret');
  });

  it('takes a route that no listener admits for no rival', () => {
    const hostnames = ['a.example.com'];
    const rival = inNamespace(route({ ...toEdge, hostnames }, { kind: 'HTTPRoute' }), 'team');
    const rules = found([gateway(https), route({ hostnames }), rival]).map(({ rule }) => rule);
    expect(rules).to.deep.equal(['namespace-not-allowed']);
  });

  it('judges by the schemas of a channel', () => {
    const sticky = route({
      rules: [{ sessionPersistence: { sessionName: 'a' }, backendRefs: [{ name: 'shop', port: 9000 }] }],
    });
    expect(foundWith([sticky], { profile: 'standard', channel: 'experimental' })).to.deep.equal([]);
  });

  it('does not look at what refers to an object that is refused', () => {
    const findings = found([gateway({ ...https, port: 0 }), route({ hostnames: ['a.example.com'] })]);
    expect(findings.map(({ rule }) => rule)).to.deep.equal(['schema']);
  });

  it('tells of all that is wrong with an object, and of nothing that comes of it', () => {
    const fields = (...objects: object[]) => found(objects).map(({ rule, field }) => `${rule} ${field}`);
    const several = route({
      parentRefs: [{ name: 'edge', sectionName: 'grpc' }],
      rules: [
        { matches: [{ method: { servce: 'a.B' } }], backendRefs: [{ name: 'shop', port: 81 }] },
        {
          backendRefs: [{ name: 'shop', port: '9000' }, { name: 'shop.default', port: 80 }, { name: 'shop' }],
        },
        { backendRefs, filters: [{ type: 'RequestRedirect' }, { type: 'RequestHeaderModifier' }] },
      ],
    });
    expect(fields(gateway(http), service({}), several)).to.have.members([
      'schema spec.rules[0].matches[0].method.servce',
      'schema spec.rules[1].backendRefs[0].port',
      'schema spec.rules[1].backendRefs[2]',
      'schema spec.rules[2].filters[0].type',
      'schema spec.rules[2].filters[1]',
      'section-not-found spec.parentRefs[0].sectionName',
      'backend-port-not-found spec.rules[0].backendRefs[0].port',
      'backend-name spec.rules[1].backendRefs[1].name',
    ]);
    expect(fields(route({ parentRefs: undefined, parentRef: [] }))).to.deep.equal(['schema spec.parentRef']);
    expect(fields(gateway({ ...http, protocol: 'TCP' }), attached({ sectioName: 'a' }))).to.deep.equal([
      'schema spec.parentRefs[0].sectioName',
    ]);
    expect(fields(matching(headers('env', 'env')))).to.deep.equal([
      'schema spec.rules[0].matches[0].headers[1]',
    ]);
  });

  it('says with whom a hostname is shared', () => {
    const [finding] = found([
      gateway(https),
      route({ hostnames: ['a.example.com'] }),
      httpRoute('a.example.com'),
    ]);
    expect(finding?.message).to.contain('HTTPRoute pages takes a.example.com on listener https, too');
  });

  it('says with which route of which namespace a match is shared', () => {
    const edge = gateway({ ...https, allowedRoutes: { namespaces: { from: 'All' } } });
    const [finding] = found([edge, inNamespace(route(toEdge), 'team'), route()]);
    expect(finding?.message).to.contain(
      'GRPCRoute team/shop has the same match for any hostname on listener https',
    );
  });

  it('shows an object without a name by its kind', () => {
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'load-' } };
    expect(found([job]).map(({ object }) => object)).to.deep.equal(['Job']);
  });

  it('says once that no Service can have a name', () => {
    const misnamed = route({ rules: [{ backendRefs: [{ name: 'Shop', port: 9000 }] }] });
    expect(found([misnamed, service({})]).map(({ rule }) => rule)).to.deep.equal(['backend-name']);
  });

  it('has nothing but a note on a rule that an extension may answer', () => {
    const extensionRef = { group: 'example.com', kind: 'Answer', name: 'static' };
    const answered = route({ rules: [{ filters: [{ type: 'ExtensionRef', extensionRef }] }] });
    expect(found([answered]).map(({ rule }) => rule)).to.deep.equal(['extension-filter']);
  });

  it('takes a BackendTLSPolicy that is written twice for no rival', () => {
    const once = policy('shop', { name: 'shop' });
    expect(found([once, once]).map(({ rule }) => rule)).to.deep.equal(['written-twice']);
  });

  it('says nothing of the labels of a Namespace that is written twice', () => {
    const selector = { matchLabels: { team: 'a' } };
    const edge = gateway({ ...https, allowedRoutes: { namespaces: { from: 'Selector', selector } } });
    const ofShop = inNamespace(route(toEdge), 'shop');
    const rulesFor = (...objects: object[]) => found([...objects, edge, ofShop]).map(({ rule }) => rule);
    expect(rulesFor(namespace('shop', {}))).to.deep.equal(['namespace-not-allowed']);
    expect(rulesFor(namespace('shop', {}), namespace('shop', { team: 'a' }))).to.deep.equal([
      'written-twice',
    ]);
  });

  it('counts the last one of a ReferenceGrant that is written twice', () => {
    const from = (of: string) => grant({ kind: 'GRPCRoute', namespace: of }, { group: '', kind: 'Service' });
    const rulesFor = (...objects: object[]) => found([...objects, away]).map(({ rule }) => rule);
    expect(rulesFor(from('pay'), from('default'))).to.deep.equal(['written-twice']);
    expect(rulesFor(from('default'), from('pay'))).to.have.members(['written-twice', 'backend-not-granted']);
  });

  it('leaves it to the implementation what is behind a protocol of its own', () => {
    const edge = gateway({ name: 'https', port: 15008, protocol: 'HBONE' });
    expect(found([edge, route()]).map(({ rule, level }) => `${rule} ${level}`)).to.deep.equal([
      'protocol-of-implementation note',
    ]);
  });

  it('has nothing but a note on a rule of a schema that it cannot judge', () => {
    const backend = {
      apiVersion: 'gateway.networking.x-k8s.io/v1alpha1',
      kind: 'XBackend',
      metadata: { name: 'named' },
      spec: {
        type: 'ExternalHostname',
        port: { name: 'grpc', port: 443 },
        externalHostname: { hostname: 'example.com' },
      },
    };
    const [finding, ...more] = foundWith([backend], { profile: 'standard', channel: 'experimental' });
    expect(finding?.level).to.equal('note');
    expect(finding?.message).to.contain('cannot be judged offline');
    expect(more).to.deep.equal([]);
  });

  it('is sterner or milder by the profile', () => {
    const plain = gateway({ name: 'https', port: 443, protocol: 'HTTPS' });
    const child = attached({ kind: 'HTTPRoute', sectionName: 'rule' });
    const levels = (profile: LintProfile) => found([plain, child], profile).map(({ level }) => level);
    expect(levels('standard')).to.deep.equal(['warning', 'warning']);
    expect(levels('kgateway-guide')).to.deep.equal(['error', 'note']);
    const ofLattice = found([matching(method('a.+', 'Get', 'RegularExpression'))], 'aws-vpc-lattice');
    expect(ofLattice.map(({ rule, level }) => `${rule} ${level}`)).to.include('lattice-method-type error');
  });

  it('takes a ListenerSet that is written twice, or that its Gateway refuses, for no rival', () => {
    const more = set({ ...http, port: 81 });
    expect(found([more, more]).map(({ rule }) => rule)).to.deep.equal(['written-twice']);
    const foreign = inNamespace(
      {
        ...more,
        spec: { parentRef: { name: 'edge', namespace: 'default' }, listeners: [{ ...http, port: 81 }] },
      },
      'team',
    );
    expect(found([openGateway('Same'), foreign, more]).map(({ rule }) => rule)).to.deep.equal([
      'listenerset-not-allowed',
    ]);
  });
});
