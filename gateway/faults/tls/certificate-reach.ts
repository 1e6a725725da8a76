import { keyOf } from '../../../common/object-key.ts';
import type { Gateway, ReferenceGrant } from '../../translate/model/gateway-api.ts';
import type { Objects } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onRequests } from '../hooks/lua.ts';
import { clientCasOf, onObjects } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['tls', 'connect', 'status', 'programmed'];

const isCertificate = (object: Stored): boolean => (object as { type?: string }).type === 'kubernetes.io/tls';

/** Of the certificates that have one id, that of the first by namespace and name is taken for all. */
function firstOfId(idOf: (certificate: Stored) => string): FaultHooks {
  return {
    input: (input) => {
      const byId = Map.groupBy(input.objects.secrets.filter(isCertificate), idOf);
      if ([...byId.values()].every(({ length }) => length === 1)) return input;
      const secrets = input.objects.secrets.map((object) => {
        const [first] = (byId.get(idOf(object)) ?? []).toSorted((left, right) =>
          keyOf(left).localeCompare(keyOf(right)),
        );
        return first === undefined || !isCertificate(object) ? object : { ...object, data: first.data ?? {} };
      });
      return { ...input, objects: { ...input.objects, secrets } };
    },
  };
}

type Stored = Objects['secrets'][number];
type Frontend = NonNullable<NonNullable<Gateway['spec']['tls']>['frontend']>;

function onFrontends(edit: (frontend: Frontend) => Frontend): FaultHooks {
  return {
    input: onObjects('gateways', (gateway) => {
      const { frontend, ...tls } = gateway.spec.tls ?? {};
      return frontend === undefined
        ? gateway
        : { ...gateway, spec: { ...gateway.spec, tls: { ...tls, frontend: edit(frontend) } } };
    }),
  };
}

const onCertificateGrants = (edit: (spec: ReferenceGrant['spec']) => ReferenceGrant['spec']): FaultHooks => ({
  input: onObjects('referenceGrants', (grant) =>
    grant.spec.to.some(({ kind }) => kind === 'Secret') ? { ...grant, spec: edit(grant.spec) } : grant,
  ),
});

/** Certificates that are taken from where they are not, or hold for more than they are for. */
export const certificateReach: readonly Fault[] = [
  {
    name: 'same-named-certificates-mixed-up',
    title:
      'Of two Secrets of one name in two namespaces the first by namespace gives the certificate for both.',
    clauses: ['tls-secret-namespace-default', 'tls-terminate-secret'],
    layers,
    hooks: () => firstOfId(({ metadata }) => metadata.name),
  },
  {
    name: 'certificate-names-run-together',
    title:
      'Of Secret b-c of namespace a and Secret c of namespace a-b the first gives the certificate for both.',
    clauses: ['tls-terminate-secret', 'tls-secret-namespace-default'],
    layers,
    hooks: () => firstOfId((secret) => keyOf(secret).replace('/', '-')),
  },
  {
    name: 'certificate-grant-name-ignored',
    title: 'A grant to one Secret permits all of its namespace.',
    clauses: ['tls-cross-namespace-grant-named', 'tls-cross-namespace-wrong-grant'],
    layers,
    hooks: () =>
      onCertificateGrants(({ from, to }) => ({ from, to: to.map(({ name: _name, ...each }) => each) })),
  },
  {
    name: 'certificate-grant-from-kind-ignored',
    title: 'A grant to Secrets for routes permits Gateways of that namespace the same.',
    clauses: ['tls-cross-namespace-wrong-grant'],
    layers,
    hooks: () =>
      onCertificateGrants(({ from, to }) => ({
        from: from.map((each) => ({ ...each, kind: 'Gateway' })),
        to,
      })),
  },
  {
    name: 'certificate-grant-from-namespace-ignored',
    title: 'A grant to Secrets for the Gateways of one namespace permits those of every namespace the same.',
    clauses: ['tls-cross-namespace-wrong-grant'],
    layers,
    hooks: () => ({
      input: (input) => {
        const namespaces = [
          ...new Set(input.objects.gateways.map(({ metadata }) => metadata.namespace ?? '')),
        ];
        const referenceGrants = input.objects.referenceGrants.map((grant) =>
          grant.spec.to.some(({ kind }) => kind === 'Secret')
            ? {
                ...grant,
                spec: {
                  to: grant.spec.to,
                  from: grant.spec.from.flatMap((each) =>
                    each.kind === 'Gateway' ? namespaces.map((namespace) => ({ ...each, namespace })) : each,
                  ),
                },
              }
            : grant,
        );
        return { ...input, objects: { ...input.objects, referenceGrants } };
      },
    }),
  },
  {
    name: 'client-ca-of-port-everywhere',
    title: 'The CA that a Gateway names for the clients of one port holds for all of its ports.',
    clauses: ['tls-frontend-perport-overrides', 'tls-frontend-default-all-https'],
    layers,
    hooks: () =>
      onFrontends((frontend) => {
        const [first] = frontend.perPort ?? [];
        return first?.tls === undefined ? frontend : { ...frontend, default: first.tls };
      }),
  },
  {
    name: 'client-ca-read-once',
    title: 'The CA that a Gateway names for clients is read once and never again.',
    clauses: ['tls-frontend-wrong-ca-rejected', 'tls-frontend-valid-client-accepted'],
    layers,
    hooks: () => {
      const first = new Map<string, Objects['configMaps'][number]>();
      return {
        input: (input) => {
          const named = new Set(clientCasOf(input.objects.gateways));
          const configMaps = input.objects.configMaps.map((configMap) => {
            if (!named.has(keyOf(configMap))) return configMap;
            const kept = first.get(keyOf(configMap)) ?? configMap;
            first.set(keyOf(configMap), kept);
            return kept;
          });
          return { ...input, objects: { ...input.objects, configMaps } };
        },
      };
    },
  },
  {
    name: 'authority-port-misdirects-on-https',
    title: 'On HTTPS listeners a call whose :authority has a port is answered 421.',
    clauses: ['hostname-authority-port-ignored', 'listener-misdirected-421'],
    layers: [...layers, 'routed', 'http2'],
    hooks: () =>
      onRequests(`local headers = handle:headers()
  local host = headers:get(":authority") or ""
  if handle:connection():ssl() ~= nil and string.find(host, ":%d+$") then
    handle:respond({[":status"] = "421"}, "")
  end`),
  },
];
