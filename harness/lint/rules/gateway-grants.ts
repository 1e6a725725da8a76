import type { Issue, Rule } from '../rule.ts';
import type { FieldPath, SourceObject } from '../source.ts';
import { hasListeners, isGateway } from '../world.ts';
import type { BackendRef, GatewayObject, World } from '../world.ts';

/** References of Gateways and ListenerSets into other namespaces, and the grants that they need. */
export const gatewayGrantRules: Rule[] = [
  {
    id: 'certificate-not-granted',
    level: 'warning',
    clause: 'tls-cross-namespace-no-grant',
    check: eachUngranted(certificates, 'ResolvedRefs of the listener is False/RefNotPermitted'),
  },
  {
    id: 'client-certificate-not-granted',
    level: 'warning',
    clause: 'tls-backend-client-cert-no-grant',
    check: eachUngranted(
      clientCertificate,
      'ResolvedRefs of the Gateway is False/RefNotPermitted, and backends are not shown it',
    ),
  },
  {
    id: 'client-ca-not-granted',
    level: 'warning',
    clause: 'tls-frontend-ca-cross-namespace',
    check: eachUngranted(clientCas, 'ResolvedRefs of HTTPS listeners is False/RefNotPermitted'),
  },
];

export interface PlacedRef {
  path: FieldPath;
  ref: BackendRef;
}

/** @param outcome - what comes of a reference that nothing permits */
function eachUngranted(refsOf: (source: SourceObject) => PlacedRef[], outcome: string): Rule['check'] {
  return (source, world: World): Issue[] => {
    const { kind: fromKind = '' } = source.object;
    const own = world.namespaceOf(source.object);
    return refsOf(source).flatMap(({ path, ref }) => {
      const { group = '', kind = 'Secret', namespace = own, name = '' } = ref;
      if (namespace === own) return [];
      if (world.isGranted({ kind: fromKind, namespace: own }, { group, kind, namespace, name })) return [];
      return [
        {
          path: [...path, 'namespace'],
          message: `no ReferenceGrant in these files lets ${fromKind}s of ${own} use ${kind} ${namespace}/${name}: without one ${outcome}`,
          fix: `add a ReferenceGrant to namespace ${namespace}: from ${fromKind} in ${own}, to ${kind} ${name}`,
        },
      ];
    });
  };
}

/** The certificates that a Gateway or ListenerSet serves with: those of a listener that passes TLS through are not looked at. */
export function certificates({ object }: SourceObject): PlacedRef[] {
  if (!hasListeners(object)) return [];
  return (object.spec?.listeners ?? []).flatMap(({ tls }, index) =>
    (tls?.mode === 'Passthrough' ? [] : (tls?.certificateRefs ?? [])).map((ref, at) => ({
      path: ['spec', 'listeners', index, 'tls', 'certificateRefs', at],
      ref,
    })),
  );
}

export function clientCertificate({ object }: SourceObject): PlacedRef[] {
  const ref = tlsOf(object)?.backend?.clientCertificateRef;
  return ref === undefined ? [] : [{ path: ['spec', 'tls', 'backend', 'clientCertificateRef'], ref }];
}

export function clientCas({ object }: SourceObject): PlacedRef[] {
  const { default: byDefault, perPort = [] } = tlsOf(object)?.frontend ?? {};
  const placed = [
    { path: ['default'], validation: byDefault?.validation },
    ...perPort.map(({ tls }, index) => ({ path: ['perPort', index, 'tls'], validation: tls?.validation })),
  ];
  return placed.flatMap(({ path, validation }) =>
    (validation?.caCertificateRefs ?? []).map((ref, at) => ({
      path: ['spec', 'tls', 'frontend', ...path, 'validation', 'caCertificateRefs', at],
      ref,
    })),
  );
}

function tlsOf(object: SourceObject['object']): NonNullable<GatewayObject['spec']>['tls'] {
  return isGateway(object) ? object.spec?.tls : undefined;
}
