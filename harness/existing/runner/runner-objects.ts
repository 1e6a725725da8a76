import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { KubeObject } from '../../kube/objects.ts';
import { installRules, roleFile, type Rule } from '../rights.ts';

/** On all that a runner is made of; its value is the runner's id. Not the label of runs: a run must not take its own pod away. */
export const runnerLabel = 'routeproof.dev/runner';
export const podName = 'runner';
export const containerName = 'routeproof';

export interface RunnerSpec {
  /** Unique: part of every name, and the label's value. */
  id: string;
  image: string;
  /** Of the image's entry point. */
  args: readonly string[];
  /** Whether the run may install CRDs. */
  installs: boolean;
}

/** Longer than the longest run: what nobody follows any more ends by itself. */
const mostSeconds = 3600;
/** A run that is told to end takes away what it made, and tells what it has found. */
const graceSeconds = 180;

export function runnerNamespace(id: string): string {
  return `routeproof-runner-${id}`;
}

/** All of it, in the order in which it can be made; the pod is last. */
export async function runnerObjects({ id, image, args, installs }: RunnerSpec): Promise<KubeObject[]> {
  type Rbac = KubeObject & { rules?: Rule[]; roleRef?: object; subjects?: object[] };
  const name = runnerNamespace(id);
  const { rules } = parse(await readFile(roleFile, 'utf8')) as { rules: Rule[] };
  const rbac = 'rbac.authorization.k8s.io';
  const labels = { [runnerLabel]: id };
  const outside = { name, labels };
  const inside = { name: podName, namespace: name, labels };
  const objects: Rbac[] = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: outside },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: outside,
      rules: installs ? [...rules, ...installRules] : rules,
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: outside,
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name: podName, namespace: name }],
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: inside },
    { apiVersion: 'v1', kind: 'Pod', metadata: inside, spec: podSpec(image, args) },
  ];
  return objects;
}

function podSpec(image: string, args: readonly string[]): object {
  return {
    serviceAccountName: podName,
    restartPolicy: 'Never',
    activeDeadlineSeconds: mostSeconds,
    terminationGracePeriodSeconds: graceSeconds,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532 },
    containers: [
      {
        name: containerName,
        image,
        args,
        env: [
          { name: 'HOME', value: '/tmp' },
          { name: 'ROUTEPROOF_STATE', value: '/tmp/state' },
          { name: 'NO_COLOR', value: '1' },
        ],
        resources: { requests: { cpu: '500m', memory: '512Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
      },
    ],
    volumes: [{ name: 'tmp', emptyDir: {} }],
  };
}
