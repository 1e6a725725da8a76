import type { KubeObject } from '../../kube/objects.ts';
import { certificateIn, privateKeyIn } from '../pem.ts';
import type { Issue, Rule } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import type { World } from '../world.ts';
import { certificates, clientCas, clientCertificate, type PlacedRef } from './gateway-grants.ts';

interface SecretObject extends KubeObject {
  type?: string;
  data?: Record<string, string>;
  stringData?: Record<string, string>;
}

/** Whether the Secrets and ConfigMaps that Gateways and ListenerSets name hold what they need. */
export const certificateRules: Rule[] = [
  {
    id: 'certificate-kind',
    level: 'error',
    clause: 'tls-secret-unsupported-kind',
    check: eachRef(certificates, unsupportedKind('tls-secret-unsupported-group')),
  },
  {
    id: 'certificate-invalid',
    level: 'error',
    clause: 'tls-secret-malformed',
    check: eachRef(certificates, invalidSecret),
  },
  {
    id: 'certificate-in-other-namespace',
    level: 'warning',
    clause: 'tls-secret-namespace-default',
    check: eachRef(certificates, foreignSecret),
  },
  {
    id: 'several-certificates',
    level: 'note',
    clause: 'tls-multiple-certificates',
    check: (source) =>
      certificates(source)
        .filter(({ path }) => path.at(-1) === 1)
        .map(({ path }) => ({
          path: path.slice(0, -1),
          message: "whether a listener has more than one certificate is the implementation's choice",
          fix: 'write a listener with a hostname for each',
        })),
  },
  {
    id: 'client-certificate-invalid',
    level: 'error',
    clause: 'tls-backend-client-cert-invalid',
    check: (source, world) => [
      ...eachRef(clientCertificate, unsupportedKind('tls-backend-client-cert-invalid'))(source, world),
      ...eachRef(clientCertificate, invalidSecret)(source, world),
    ],
  },
  {
    id: 'client-ca-invalid',
    level: 'error',
    clause: 'tls-frontend-ca-unresolved',
    check: eachRef(clientCas, invalidCa),
  },
];

type Judge = (ref: PlacedRef['ref'], namespace: string, world: World) => Omit<Issue, 'path'> | undefined;

function eachRef(refsOf: (source: SourceObject) => PlacedRef[], judge: Judge): Rule['check'] {
  return (source, world) =>
    refsOf(source).flatMap(({ path, ref }): Issue[] => {
      const found = judge(ref, ref.namespace ?? world.namespaceOf(source.object), world);
      return found === undefined ? [] : [{ path: [...path, 'name'], ...found }];
    });
}

/** Other kinds of groups that are not Kubernetes' own may be the implementation's. */
function unsupportedKind(groupClause: string): Judge {
  return ({ group = '', kind = 'Secret' }) => {
    if (kind === 'Secret' && group !== '')
      return {
        message: `there is no Secret in group ${group}: ResolvedRefs will be False/InvalidCertificateRef`,
        fix: 'leave group away',
        clause: groupClause,
      };
    if (kind === 'Secret' || group !== '') return undefined;
    return {
      message: `a ${kind} is no certificate: ResolvedRefs will be False/InvalidCertificateRef`,
      fix: 'name a Secret of type kubernetes.io/tls',
    };
  };
}

function foreignSecret(
  { group = '', kind = 'Secret', name = '', namespace: written }: PlacedRef['ref'],
  namespace: string,
  world: World,
): ReturnType<Judge> {
  const found = kind === 'Secret' && group === '' ? world.elsewhere('Secret', namespace, name) : undefined;
  if (found === undefined) return undefined;
  return {
    message: `Secret ${name} of these files is in namespace ${found}; this reference looks in ${namespace}`,
    fix: `${written === undefined ? 'write' : 'mend'} namespace: ${found} with a ReferenceGrant there, or move the Secret`,
  };
}

function invalidSecret(
  { group = '', kind = 'Secret', name = '' }: PlacedRef['ref'],
  namespace: string,
  world: World,
): ReturnType<Judge> {
  if (kind !== 'Secret' || group !== '') return undefined;
  const secret = world.find('Secret', namespace, name)?.object as SecretObject | undefined;
  const wrong = secret === undefined ? undefined : wrongWith(secret);
  if (wrong === undefined) return undefined;
  return {
    message: `Secret ${name} ${wrong}: ResolvedRefs will be False`,
    fix: 'make it with `kubectl create secret tls NAME --cert=FILE --key=FILE`',
  };
}

function wrongWith(secret: SecretObject): string | undefined {
  if (secret.type !== 'kubernetes.io/tls')
    return `is of type ${secret.type ?? 'Opaque'}, not kubernetes.io/tls`;
  const [certificate, privateKey] = [
    certificateIn(textOf(secret, 'tls.crt')),
    privateKeyIn(textOf(secret, 'tls.key')),
  ];
  if (certificate === undefined) return 'has no certificate in PEM form in tls.crt';
  if (privateKey === undefined) return 'has no private key in PEM form in tls.key';
  return certificate.checkPrivateKey(privateKey) ? undefined : 'has a key of another certificate';
}

function textOf({ data, stringData }: SecretObject, name: string): string {
  return stringData?.[name] ?? Buffer.from(data?.[name] ?? '', 'base64').toString();
}

function invalidCa(
  { group = '', kind = '', name = '' }: PlacedRef['ref'],
  namespace: string,
  world: World,
): ReturnType<Judge> {
  if (kind !== 'ConfigMap')
    return group === '' && kind !== 'Secret'
      ? {
          message: `a ${kind} holds no CA: ResolvedRefs will be False/InvalidCACertificateKind`,
          fix: 'name a ConfigMap with the key ca.crt',
          clause: 'tls-frontend-ca-kind',
        }
      : undefined;
  const found = world.find('ConfigMap', namespace, name)?.object as
    { data?: Record<string, string> } | undefined;
  if (found === undefined || certificateIn(found.data?.['ca.crt'] ?? '') !== undefined) return undefined;
  return {
    message: `ConfigMap ${name} holds no certificate in PEM form under ca.crt: ResolvedRefs will be False/InvalidCACertificateRef`,
    fix: 'put the CA certificate into the key ca.crt',
  };
}
