import type { KubeObject } from '../../kube/objects.ts';
import { fileData } from './pod-files.ts';
import type { PodsSpec } from './runner.ts';

/** Of everything in the namespace that a runner is made of; also the label of pods. */
export const loadName = 'routeproof-k6';
/** The ConfigMap that tells the common start, once every pod waits for it. */
export const startName = 'routeproof-k6-start';

/** Lines of the log are read as they are. */
export const k6Arguments = ['--no-color', '--no-usage-report', '--log-format', 'raw'];

/** k6 needs no rights on the machine; its image has a user of its own, which a number has to confirm. */
export const podSecurity = {
  runAsNonRoot: true,
  runAsUser: 12345,
  runAsGroup: 12345,
  seccompProfile: { type: 'RuntimeDefault' },
};
export const containerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** What both kinds of runner have, in the order in which it can be made: the script, and the right to read the common start. */
export function sharedObjects({ namespace, subject, parameters }: PodsSpec): KubeObject[] {
  type Rbac = KubeObject & { data?: object; rules?: object[]; roleRef?: object; subjects?: object[] };
  const metadata = { name: loadName, namespace };
  const rbac = 'rbac.authorization.k8s.io';
  const objects: Rbac[] = [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: fileData(subject, { ...parameters, START: startName }),
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: [startName], verbs: ['get'] }],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name: loadName },
      subjects: [{ kind: 'ServiceAccount', name: loadName, namespace }],
    },
  ];
  return objects;
}

/** The word to start, at a moment by the clocks of the nodes (Unix milliseconds). */
export function startObject(namespace: string, startMs: number): KubeObject {
  const object: KubeObject & { data: object } = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: startName, namespace },
    data: { startMs: String(startMs) },
  };
  return object;
}
