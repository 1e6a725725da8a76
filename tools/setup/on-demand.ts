import { existsSync } from 'node:fs';
import { chmod, cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RouteproofError } from '../../common/errors.ts';
import { hasTool, toolDir } from '../../common/tools.ts';
import { buildBinaries, type Binary } from './binaries.ts';
import { downloadModule } from './go-module.ts';
import { replaceDir } from './replace-dir.ts';
import { say } from './say.ts';

interface OnDemand extends Binary {
  /** Folders of the Go module that a user of the binary reads, by the name that they get beside bin/. */
  folders?: { module: string; from: string; to: string }[];
}

const tools: OnDemand[] = [
  { name: 'coredns', source: 'coredns', goPackage: 'github.com/coredns/coredns', expected: '3 min' },
  { name: 'helm', source: 'helm', goPackage: 'helm.sh/helm/v4/cmd/helm', expected: '90 s' },
  {
    name: 'envoy-gateway',
    source: 'envoy-gateway',
    goPackage: 'github.com/envoyproxy/gateway/cmd/envoy-gateway',
    expected: '4 min',
    folders: [{ module: 'github.com/envoyproxy/gateway', from: 'charts/gateway-helm', to: 'chart' }],
  },
];

/**
 * Makes what only some commands need, once a machine: the name server of clusters with DNS, helm, the gateways of implementations/.
 *
 * @throws RouteproofError USAGE - an unknown name; TOOL_MISSING
 */
export async function setUpTools(names: string[]): Promise<void> {
  const wanted = names.map(toolNamed);
  await buildBinaries(wanted, 'minutes');
  for (const tool of wanted) await copyFolders(tool);
}

function toolNamed(name: string): OnDemand {
  const tool = tools.find((other) => other.name === name);
  if (tool !== undefined) return tool;
  throw new RouteproofError('USAGE', `no tool ${name} is made on demand`, {
    hint: `one of ${tools.map((other) => other.name).join(', ')}`,
  });
}

/** What is in the user's hands already (ROUTEPROOF_TOOLS) is a binary only: folders come from the pinned module in any case. */
async function copyFolders({ name, source, folders = [] }: OnDemand): Promise<void> {
  for (const { module, from, to } of folders) {
    const target = join(toolDir(source), to);
    if (existsSync(target) && hasTool(name)) continue;
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
