import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { RouteproofError } from '../../common/errors.ts';
import { toolDirOf, toolPath } from '../../common/tools.ts';
import { readManifests } from '../manifests/manifest-dir.ts';
import { troubleOfSelected } from '../base/pod-trouble.ts';
import type { ReadyOptions } from '../base/ready.ts';
import { installCrdsOf } from '../install/crds.ts';
import type { Implementation, ToolFolder } from './implementation.ts';

type Chart = NonNullable<Implementation['chart']>;

/**
 * Installs an implementation as its own documents say: its CRDs, its chart by helm or its manifests as they are, then ours beside them.
 *
 * @param options - where Gateway API is served already
 * @returns says what keeps its pods from being ready, for the message of a wait that failed
 * @throws RouteproofError IMPLEMENTATION_NOT_INSTALLED, TOOL_MISSING
 */
export async function installImplementation(
  implementation: Implementation,
  options: ReadyOptions & { kubeconfigPath?: string | undefined },
): Promise<() => Promise<string>> {
  const { crds, chart, ownManifests, manifests, dir, logNamespaces } = implementation;
  const { kube } = options;
  const why = async (): Promise<string> =>
    (await Promise.all(logNamespaces.map((namespace) => troubleOfSelected(kube, namespace, {})))).join('');
  if (crds !== undefined) await installCrdsOf(kube, folderOf(crds), options);
  if (chart !== undefined) await installChart(implementation, chart, options, why);
  const folders = [...(ownManifests === undefined ? [] : [folderOf(ownManifests)]), join(dir, manifests)];
  for (const folder of folders) for (const object of await readManifests(folder)) await kube.apply(object);
  return why;
}

function folderOf({ tool, folder }: ToolFolder): string {
  return join(toolDirOf(tool), folder);
}

/** Hooks of the chart are waited for, its Deployments are not: the class is accepted when they run. */
async function installChart(
  { title, dir }: Implementation,
  chart: Chart,
  options: ReadyOptions & { kubeconfigPath?: string | undefined },
  why: () => Promise<string>,
): Promise<void> {
  const { release, namespace, ownValues, values } = chart;
  const folder = folderOf(chart);
  const files = [
    ...(ownValues === undefined ? [] : [join(folder, ownValues)]),
    ...(values === undefined ? [] : [join(dir, values)]),
  ];
  // helm keeps nothing that a later run would need, and the user's own settings are not for it.
  const home = await mkdtemp(join(tmpdir(), 'rp-helm-'));
  try {
    const { limitMs, signal, kubeconfigPath = process.env['KUBECONFIG'] ?? '' } = options;
    const args = ['install', release, folder, '--namespace', namespace, '--create-namespace', '--skip-crds'];
    const valueArgs = files.flatMap((file) => ['--values', file]);
    const limit = ['--timeout', `${Math.ceil(limitMs / 1000)}s`];
    const { failed, stderr, exitCode } = await execa(toolPath('helm'), [...args, ...valueArgs, ...limit], {
      env: {
        KUBECONFIG: kubeconfigPath,
        HELM_CACHE_HOME: home,
        HELM_CONFIG_HOME: home,
        HELM_DATA_HOME: home,
      },
      cancelSignal: signal,
      reject: false,
      stdin: 'ignore',
    });
    if (!failed) return;
    signal.throwIfAborted();
    throw new RouteproofError('IMPLEMENTATION_NOT_INSTALLED', 'helm could not install its chart', {
      object: title,
      seen: `exit code ${exitCode ?? '?'}: ${stderr.trim().split('\n').slice(-5).join('\n        ')}${await why()}`,
      hint: 'an image needs an entry in the images.yaml beside implementation.yaml; --keep leaves the cluster for a look',
    });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
