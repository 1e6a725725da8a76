import type { KubeObject } from '../../kube/objects.ts';
import { certificateIn } from '../pem.ts';
import type { Issue, Rule } from '../rule.ts';
import type { FieldPath, SourceObject } from '../source.ts';
import { gatewayGroup } from '../world.ts';
import type { ServiceObject, World } from '../world.ts';
import { earlierThan } from './earlier.ts';
import { groupsWithoutBackends, impossibleName } from './references.ts';

interface TargetRef {
  group?: string;
  kind?: string;
  name?: string;
  sectionName?: string;
}

interface PolicyObject extends KubeObject {
  spec?: {
    targetRefs?: TargetRef[];
    validation?: { caCertificateRefs?: TargetRef[] };
  };
}

/** Whether a BackendTLSPolicy could be met with the Services and ConfigMaps that are among the manifests. */
export const backendTlsRules: Rule[] = [
  {
    id: 'backend-tls-port-not-found',
    level: 'error',
    clause: 'btls-section-not-found',
    check: unknownPorts,
  },
  { id: 'backend-tls-ca-missing', level: 'error', clause: 'btls-ca-invalid-ref', check: missingCas },
  { id: 'backend-tls-ca-kind', level: 'warning', clause: 'btls-ca-invalid-kind', check: caKinds },
  {
    id: 'backend-tls-in-other-namespace',
    level: 'warning',
    clause: 'btls-target-same-namespace',
    check: foreignRefs,
  },
  { id: 'backend-tls-target-kind', level: 'error', clause: 'btls-target-not-found', check: targetKinds },
  { id: 'backend-tls-target-name', level: 'error', clause: 'btls-target-not-found', check: targetNames },
  { id: 'backend-tls-same-target', level: 'error', clause: 'btls-conflict-loser-status', check: rivals },
  {
    id: 'backend-tls-several-targets',
    level: 'note',
    clause: 'btls-multiple-targets',
    check: severalTargets,
  },
];

function isPolicy(object: KubeObject): object is PolicyObject {
  return object.kind === 'BackendTLSPolicy' && (object.apiVersion ?? '').startsWith(`${gatewayGroup}/`);
}

/** Its targets and CAs, none of which has a namespace. */
export function policyRefsOf({ object }: SourceObject): { path: FieldPath; ref: TargetRef }[] {
  if (!isPolicy(object)) return [];
  const { targetRefs = [], validation } = object.spec ?? {};
  return [
    ...targetRefs.map((ref, index) => ({ path: ['spec', 'targetRefs', index], ref })),
    ...(validation?.caCertificateRefs ?? []).map((ref, index) => ({
      path: ['spec', 'validation', 'caCertificateRefs', index],
      ref,
    })),
  ];
}

function unknownPorts({ object }: SourceObject, world: World): Issue[] {
  if (!isPolicy(object)) return [];
  return (object.spec?.targetRefs ?? []).flatMap(({ kind, name, sectionName }, index): Issue[] => {
    if (kind !== 'Service' || sectionName === undefined) return [];
    const service = world.find('Service', world.namespaceOf(object), name)?.object as
      ServiceObject | undefined;
    const names = (service?.spec?.ports ?? []).map((port) => port.name ?? '');
    if (service === undefined || names.includes(sectionName)) return [];
    return [
      {
        path: ['spec', 'targetRefs', index, 'sectionName'],
        message: `Service ${name ?? ''} has no port named ${sectionName}: the policy does not attach, and calls stay in plaintext`,
        fix: `name one of its ports: ${names.map((each) => (each === '' ? '(one without a name)' : each)).join(', ')}`,
      },
    ];
  });
}

function missingCas({ object }: SourceObject, world: World): Issue[] {
  if (!isPolicy(object)) return [];
  return (object.spec?.validation?.caCertificateRefs ?? []).flatMap(({ kind, name }, index): Issue[] => {
    if (kind !== 'ConfigMap') return [];
    const found = world.find('ConfigMap', world.namespaceOf(object), name)?.object;
    const data = (found as { data?: Record<string, string> } | undefined)?.data;
    if (found === undefined || certificateIn(data?.['ca.crt'] ?? '') !== undefined) return [];
    return [
      {
        path: ['spec', 'validation', 'caCertificateRefs', index, 'name'],
        message: `ConfigMap ${name ?? ''} holds no certificate in PEM form under ca.crt: ResolvedRefs will be False/InvalidCACertificateRef`,
        fix: 'put the CA certificate into the key ca.crt',
      },
    ];
  });
}

function caKinds({ object }: SourceObject): Issue[] {
  if (!isPolicy(object)) return [];
  return (object.spec?.validation?.caCertificateRefs ?? []).flatMap(
    ({ group = '', kind = '' }, index): Issue[] => {
      if (kind === 'ConfigMap' && group === '') return [];
      return [
        {
          path: ['spec', 'validation', 'caCertificateRefs', index, 'kind'],
          message: `whether CAs are read from ${kind}${group === '' ? '' : `.${group}`} is the implementation's choice; where they are not, ResolvedRefs is False/InvalidKind and calls fail`,
          fix: 'put the CA into a ConfigMap, into the key ca.crt, and refer to it with group: ""',
        },
      ];
    },
  );
}

/** Neither kind of reference has a namespace: both stay in the policy's. */
function foreignRefs({ object }: SourceObject, world: World): Issue[] {
  if (!isPolicy(object)) return [];
  const own = world.namespaceOf(object);
  const issue = (kind: 'Service' | 'ConfigMap', name: string, path: FieldPath): Issue[] => {
    const found = world.elsewhere(kind, own, name);
    if (found === undefined) return [];
    const clause = kind === 'Service' ? {} : { clause: 'btls-ca-cross-namespace-invalid' };
    const message = `${kind} ${name} of these files is in namespace ${found}; the policy looks in its own, ${own}`;
    const fix =
      kind === 'Service'
        ? 'write the policy in the namespace of the Service'
        : `copy it into namespace ${own}`;
    return [{ path: [...path, 'name'], message, fix, ...clause }];
  };
  const { targetRefs = [], validation } = object.spec ?? {};
  return [
    ...targetRefs.flatMap(({ kind, name = '' }, index) =>
      kind === 'Service' ? issue(kind, name, ['spec', 'targetRefs', index]) : [],
    ),
    ...(validation?.caCertificateRefs ?? []).flatMap(({ kind, name = '' }, index) =>
      kind === 'ConfigMap' ? issue(kind, name, ['spec', 'validation', 'caCertificateRefs', index]) : [],
    ),
  ];
}

function targetKinds({ object }: SourceObject): Issue[] {
  if (!isPolicy(object)) return [];
  return (object.spec?.targetRefs ?? []).flatMap(({ group = '', kind = '' }, index): Issue[] => {
    if (!groupsWithoutBackends.has(group) || (kind === 'Service' && group === '')) return [];
    return [
      {
        path: ['spec', 'targetRefs', index, 'kind'],
        message: `the policy is for backends; there is none of kind ${kind}${group === '' ? ' in the core group' : `.${group}`}`,
        fix: 'name the Service: group: "", kind: Service',
      },
    ];
  });
}

/** A target has no namespace to write. */
function targetNames({ object }: SourceObject): Issue[] {
  if (!isPolicy(object)) return [];
  return (object.spec?.targetRefs ?? []).flatMap((ref, index) =>
    impossibleName(['spec', 'targetRefs', index], ref, 'the policy has no target').map((issue) => ({
      ...issue,
      fix: 'write the name of the Service alone, in lower case, and the policy in its namespace',
    })),
  );
}

/** Shown at the later one in the files; which of them will be the older one is not known. */
function rivals({ object }: SourceObject, world: World): Issue[] {
  if (!isPolicy(object)) return [];
  const others = world.ofKind('BackendTLSPolicy').map((source) => source.object);
  // Written twice it is one policy.
  const alike = new Set<object>(world.alike(object).map((source) => source.object));
  const earlier = earlierThan<KubeObject>(others, object)
    .filter(isPolicy)
    .filter((other) => !alike.has(other));
  return (object.spec?.targetRefs ?? []).flatMap((target, index): Issue[] => {
    const same = earlier.find(
      (other) =>
        world.namespaceOf(other) === world.namespaceOf(object) &&
        (other.spec?.targetRefs ?? []).some((each) => targetText(each) === targetText(target)),
    );
    if (same === undefined) return [];
    return [
      {
        path: ['spec', 'targetRefs', index],
        message: `BackendTLSPolicy ${same.metadata?.name ?? ''} has the same target: the younger of the two will be Accepted=False/Conflicted`,
        fix: 'keep one of them, or target another port of the Service',
      },
    ];
  });
}

function targetText({ group, kind, name, sectionName }: TargetRef): string {
  return [group, kind, name, sectionName].map((part) => part ?? '').join('|');
}

function severalTargets({ object }: SourceObject): Issue[] {
  if (!isPolicy(object) || (object.spec?.targetRefs ?? []).length < 2) return [];
  return [
    {
      path: ['spec', 'targetRefs'],
      message: 'implementations are asked not to support more than one targetRef for now',
      fix: 'write one policy for each target',
    },
  ];
}
