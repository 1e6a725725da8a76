import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { RouteproofError } from '../../common/errors.ts';
import { given } from '../../common/given.ts';
import type { KubeClient } from '../kube/client.ts';
import { ApiRefusal } from '../kube/refusal.ts';
import type { LoadRunner } from '../results/load.ts';

export const roleFile = fileURLToPath(new URL('cluster-role.yaml', import.meta.url));
const reviewPath = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

interface Right {
  group: string;
  /** `pods/log`. */
  resource: string;
  verb: string;
}

/** What installing CRDs takes, on top. */
export const installRules: Rule[] = [
  {
    apiGroups: ['apiextensions.k8s.io'],
    resources: ['customresourcedefinitions'],
    verbs: ['get', 'list', 'watch', 'create', 'patch'],
  },
];

/** What --port-forward takes, on top: `get` opens a WebSocket, which Kubernetes 1.35 and newer ask `create` for as well. */
export const forwardRules: Rule[] = [
  { apiGroups: [''], resources: ['pods/portforward'], verbs: ['get', 'create'] },
];

/** What a load generator in pods takes, on top. A pod: the lean Envoy to compare with. Roles and bindings: k6 may read when to start. */
export const podLoadRules: Record<LoadRunner['kind'], Rule[]> = {
  job: [...podAccountRules(), { apiGroups: ['batch'], resources: ['jobs'], verbs: ['create', 'delete'] }],
  'k6-operator': [
    ...podAccountRules(),
    { apiGroups: ['k6.io'], resources: ['testruns'], verbs: ['create', 'delete'] },
  ],
};

function podAccountRules(): Rule[] {
  const verbs = ['create', 'delete'];
  return [
    { apiGroups: [''], resources: ['pods', 'serviceaccounts'], verbs },
    { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'], verbs },
  ];
}

/**
 * Asks the API server whether the user may do all that a run does, before it does any of it.
 *
 * @throws RouteproofError API_FORBIDDEN - with the verbs that are missing on each resource
 */
export async function mustHaveRights(kube: KubeClient, extra: readonly Rule[] = []): Promise<void> {
  if (await isAllowed(kube, { group: '*', resource: '*', verb: '*' })) return;
  const { rules } = parse(await readFile(roleFile, 'utf8')) as { rules: Rule[] };
  const rights = [...rules, ...extra].flatMap(rightsOf);
  const allowed = await Promise.all(rights.map((right) => isAllowed(kube, right)));
  const missing = rights.filter((_right, index) => allowed[index] === false);
  if (missing.length === 0) return;
  throw new RouteproofError('API_FORBIDDEN', 'the user of the kubeconfig lacks rights in all namespaces', {
    object: await whoAmI(kube),
    seen: `missing: ${describeRights(missing)}`,
    hint: `have an admin bind the ClusterRole of ${roleFile} to that user${extra.length === 0 ? '' : ', and allow what is missing beyond it'}`,
  });
}

function rightsOf({ apiGroups, resources, verbs }: Rule): Right[] {
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb }))),
  );
}

/** `create, delete on grpcroutes.gateway.networking.k8s.io`, a line for each resource. */
export function describeRights(rights: readonly Right[]): string {
  const verbs = new Map<string, Set<string>>();
  for (const { group, resource, verb } of rights) {
    const name = group === '' ? resource : `${resource}.${group}`;
    verbs.set(name, (verbs.get(name) ?? new Set()).add(verb));
  }
  const lines = [...verbs].map(([name, those]) => `${[...those].join(', ')} on ${name}`);
  return lines.join('\n                 ');
}

async function isAllowed(kube: KubeClient, { group, resource: written, verb }: Right): Promise<boolean> {
  const [resource, subresource] = written.split('/');
  const resourceAttributes = { group, resource, verb, ...given({ subresource }) };
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
  try {
    const review = (await kube.send('POST', reviewPath, { body })) as { status?: { allowed?: boolean } };
    return review.status?.allowed === true;
  } catch (error) {
    if (!(error instanceof ApiRefusal) || (error.status !== 401 && error.status !== 403)) throw error;
    throw new RouteproofError('API_FORBIDDEN', 'the API server does not say what this user may do', {
      seen: `HTTP ${String(error.status)}: ${error.message}`,
      hint: 'renew the credentials of the context, or name another with --context',
      cause: error,
    });
  }
}

/** Kubernetes 1.28 and newer tell. */
async function whoAmI(kube: KubeClient): Promise<string> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const review = (await kube.send('POST', path, { body }).catch(() => undefined)) as
    { status?: { userInfo?: { username?: string } } } | undefined;
  return `user ${review?.status?.userInfo?.username ?? '(unknown)'}`;
}
