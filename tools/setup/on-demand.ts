import { existsSync } from 'node:fs';
import { chmod, cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RouteproofError } from '../../common/errors.ts';
import { toolDir } from '../../common/tools.ts';
import { buildBinaries, type Binary } from './binaries.ts';
import { downloadModule } from './go-module.ts';
import { installEnvoy, otherEnvoys } from './envoy.ts';
import { nodeBinaries } from './kind-node/node-binaries.ts';
import { replaceDir } from './replace-dir.ts';
import { say } from './say.ts';

interface OnDemand extends Binary {
  /** Folders of the Go module that a user of the binary reads, by the name that they get beside bin/. */
  folders?: { module: string; from: string; to: string }[];
}

const compiled: OnDemand[] = [
  { name: 'coredns', source: 'coredns', goPackage: 'github.com/coredns/coredns', expected: '3 min' },
  { name: 'helm', source: 'helm', goPackage: 'helm.sh/helm/v4/cmd/helm', expected: '90 s' },
  { name: 'ghz', source: 'ghz', goPackage: 'github.com/bojand/ghz/cmd/ghz', expected: '40 s' },
  {
    name: 'envoy-gateway',
    source: 'envoy-gateway',
    goPackage: 'github.com/envoyproxy/gateway/cmd/envoy-gateway',
    expected: '4 min',
    folders: [{ module: 'github.com/envoyproxy/gateway', from: 'charts/gateway-helm', to: 'chart' }],
  },
  { name: 'kind', source: 'kind', goPackage: 'sigs.k8s.io/kind', expected: '10 s' },
  ...nodeBinaries,
  {
    name: 'contour',
    source: 'contour',
    goPackage: 'github.com/projectcontour/contour/cmd/contour',
    expected: '2 min',
    folders: [{ module: 'github.com/projectcontour/contour', from: 'examples', to: 'examples' }],
  },
  {
    name: 'pilot-discovery',
    source: 'istio',
    goPackage: 'istio.io/istio/pilot/cmd/pilot-discovery',
    // On two cores that others used too.
    expected: '15 min',
    folders: [{ module: 'istio.io/istio', from: 'manifests/charts', to: 'charts' }],
  },
  {
    name: 'pilot-agent',
    source: 'istio',
    goPackage: 'istio.io/istio/pilot/cmd/pilot-agent',
    expected: '20 s',
    // envoy_bootstrap.json, which its image has beside the binary.
    folders: [{ module: 'istio.io/istio', from: 'tools/packaging/common', to: 'packaging' }],
  },
  {
    name: 'traefik',
    source: 'traefik',
    goPackage: 'github.com/traefik/traefik/v3/cmd/traefik',
    expected: '15 min',
  },
];

const known: string[] = [...otherEnvoys, ...compiled.map(({ name }) => name)];

/**
 * Makes what only some commands need, once a machine: the name server of clusters with DNS, helm, the gateways of implementations/.
 *
 * @throws RouteproofError USAGE - an unknown name; TOOL_MISSING
 */
export async function setUpTools(names: string[]): Promise<void> {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new RouteproofError('USAGE', `no tool ${unknown} is made on demand`, {
      hint: `one of ${known.join(', ')}`,
    });
  }
  for (const envoy of otherEnvoys) if (names.includes(envoy)) await installEnvoy(envoy);
  const wanted = compiled.filter(({ name }) => names.includes(name));
  // In this order: who finds the binary finds the folders.
  for (const tool of wanted) await copyFolders(tool);
  await buildBinaries(wanted, 'minutes');
}

async function copyFolders({ source, folders = [] }: OnDemand): Promise<void> {
  for (const { module, from, to } of folders) {
    const target = join(toolDir(source), to);
    if (existsSync(target)) continue;
    say(`${from} of ${module}`);
    const directory = await downloadModule(source, module);
    await replaceDir(target, async (partial) => {
      await cp(join(directory, from), partial, { recursive: true });
      await makeWritable(partial);
    });
  }
}

/** The module cache is read-only, and a copy that is could not be replaced later. */
async function makeWritable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await makeWritable(path);
    else await chmod(path, 0o644);
  }
}
