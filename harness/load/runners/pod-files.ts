import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { projectRoot } from '../../../common/tools.ts';
import type { KubeObject } from '../../kube/objects.ts';

/** Where the files are in a pod of k6: as in the checkout, so that the scripts find each other and the proto. */
const root = '/routeproof';
const parametersPath = 'suites/load/parameters.json';
const volumeName = 'scripts';

/** What a script for pods is made of, without its parameters. */
function filesOf(subject: string): string[] {
  const scripts = [
    `${subject}.pods`,
    subject,
    'shared/blocks',
    'shared/unary',
    'shared/pods',
    'shared/parameters',
  ];
  return [...scripts.map((name) => `suites/load/${name}.k6.ts`), 'echo-server/proto/echo.proto'];
}

/** Keys of a ConfigMap have no slashes. */
function keyOf(path: string): string {
  return path.replaceAll('/', '__');
}

export function scriptPath(subject: string): string {
  return posix.join(root, 'suites/load', `${subject}.pods.k6.ts`);
}

/** The files of a subject and its parameters, as data of a ConfigMap (1 MiB at most; these are some 20 kB). */
export function fileData(subject: string, parameters: Record<string, string>): Record<string, string> {
  const files = filesOf(subject).map((path): [string, string] => [
    keyOf(path),
    readFileSync(join(projectRoot, path), 'utf8'),
  ]);
  return Object.fromEntries([...files, [keyOf(parametersPath), JSON.stringify(parameters)]]);
}

/** The volume that puts them where they belong, and its mount. */
export function fileVolume(
  subject: string,
  configMap: string,
): { volumes: KubeObject['spec'][]; volumeMounts: KubeObject['spec'][] } {
  const items = [...filesOf(subject), parametersPath].map((path) => ({ key: keyOf(path), path }));
  return {
    volumes: [{ name: volumeName, configMap: { name: configMap, items } }],
    volumeMounts: [{ name: volumeName, mountPath: root, readOnly: true }],
  };
}
