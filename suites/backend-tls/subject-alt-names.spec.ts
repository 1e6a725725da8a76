import { scenario } from '../../harness/index.ts';
import {
  accepted,
  applyCa,
  applyRoute,
  applyService,
  backendName,
  backendUri,
  hostOf,
  otherName,
  overTls,
  policy,
  policyMust,
  strangeName,
  unavailable,
} from './policies.ts';
import type { Policy } from './policies.ts';

const dns = (hostname: string): object => ({ type: 'Hostname', hostname });
const uri = (value: string): object => ({ type: 'URI', uri: value });
const strangeUri = 'spiffe://example.org/stranger';

interface Case {
  subjectAltNames: object[];
  /** Default the name of the backend's certificate. */
  hostname?: string;
  served: boolean;
}

const cases: Record<string, Case> = {
  'dns-right': { subjectAltNames: [dns(otherName)], served: true },
  'dns-wrong': { subjectAltNames: [dns(strangeName)], served: false },
  // Whether a wildcard is accepted, and means more than itself, is open; it never means the name that it is below.
  'wildcard-wrong': { subjectAltNames: [dns(`*.${otherName}`)], served: false },
  'uri-right': { subjectAltNames: [uri(backendUri)], served: true },
  'uri-wrong': { subjectAltNames: [uri(strangeUri)], served: false },
  'uri-prefix': { subjectAltNames: [uri('spiffe://example.org')], served: false },
  'second-right': { subjectAltNames: [dns(strangeName), dns(otherName)], served: true },
  'last-right': { subjectAltNames: [dns(strangeName), uri(strangeUri), uri(backendUri)], served: true },
  'all-wrong': { subjectAltNames: [dns(strangeName), uri(strangeUri)], served: false },
  'hostname-does-not-matter': { subjectAltNames: [dns(otherName)], hostname: strangeName, served: true },
};

scenario(
  {
    id: 'backend-tls/subject-alt-names',
    title:
      'With subjectAltNames any one of them authenticates the backend, and the hostname only names it in the handshake',
    support: 'extended',
    features: ['BackendTLSPolicy', 'BackendTLSPolicySANValidation'],
    clauses: [
      'btls-san-match',
      'btls-san-uri',
      'btls-san-any-of',
      'btls-san-replaces-hostname',
      'btls-sni-is-hostname',
      'btls-hostname-authenticates',
    ],
    backends: ['v1'],
    manifests: [],
  },
  async (t) => {
    await applyCa(t);
    for (const [name, { subjectAltNames, hostname = backendName }] of Object.entries(cases)) {
      await applyService(t, name);
      await t.applyObjects(policy(name, { validation: { subjectAltNames, hostname } }));
      await applyRoute(t, name);
    }
    for (const [name, { hostname, served }] of Object.entries(cases)) {
      if (name !== 'wildcard-wrong') await policyMust(t, name, accepted);
      await t.callMust({ host: hostOf(name) }, served ? overTls(hostname) : unavailable);
    }
    await t.barrier();
    for (const [name, { served }] of Object.entries(cases))
      if (!served) await t.callMustAlways({ host: hostOf(name) }, unavailable, 3);

    for (const [name, wanted] of [
      ['dns-wrong', otherName],
      ['dns-right', strangeName],
    ] as const) {
      await t.update<Policy>({ kind: 'BackendTLSPolicy', name }, ({ spec }) => {
        spec.validation['subjectAltNames'] = [dns(wanted)];
      });
    }
    await t.callMust({ host: hostOf('dns-wrong') }, overTls());
    await t.callMust({ host: hostOf('dns-right') }, unavailable);

    // Without subjectAltNames the hostname authenticates the backend again.
    for (const name of ['dns-right', 'hostname-does-not-matter'])
      await t.update<Policy>({ kind: 'BackendTLSPolicy', name }, ({ spec }) => {
        delete spec.validation['subjectAltNames'];
      });
    await t.callMust({ host: hostOf('dns-right') }, overTls());
    await t.callMust({ host: hostOf('hostname-does-not-matter') }, unavailable);
  },
);
