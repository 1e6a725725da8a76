import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { RouteproofError } from '../../common/errors.ts';
import {
  hasTool,
  projectRoot,
  toolDir,
  toolFile,
  type ToolName,
  type ToolSource,
} from '../../common/tools.ts';
import { findGo } from './go.ts';
import { say } from './say.ts';

export interface Binary {
  name: ToolName;
  source: ToolSource;
  goPackage: string;
  /** What a first build took on two cores. */
  expected: string;
  /** The package's tests as a program (`go test -c`) instead of its main. */
  tests?: true;
}

const clusterBinaries: Binary[] = [
  {
    name: 'kube-apiserver',
    source: 'kubernetes',
    goPackage: 'k8s.io/kubernetes/cmd/kube-apiserver',
    expected: '6 min',
  },
  { name: 'etcd', source: 'kubernetes', goPackage: 'go.etcd.io/etcd/server/v3', expected: '20 s' },
  {
    name: 'kube-controller-manager',
    source: 'kubernetes',
    goPackage: 'k8s.io/kubernetes/cmd/kube-controller-manager',
    expected: '80 s',
  },
  {
    name: 'kube-proxy',
    source: 'kubernetes',
    goPackage: 'k8s.io/kubernetes/cmd/kube-proxy',
    expected: '15 s',
  },
  { name: 'kubectl', source: 'kubernetes', goPackage: 'k8s.io/kubernetes/cmd/kubectl', expected: '30 s' },
  {
    name: 'grpcurl',
    source: 'grpcurl',
    goPackage: 'github.com/fullstorydev/grpcurl/cmd/grpcurl',
    expected: '20 s',
  },
  { name: 'k6', source: 'k6', goPackage: 'go.k6.io/k6', expected: '90 s' },
];

/** Compiles what is missing, once a machine: about ten minutes on two cores the first time. */
export function buildClusterBinaries(): Promise<void> {
  return buildBinaries(clusterBinaries, 'about 10 min on two cores');
}

/**
 * Compiles those of `binaries` that the cache lacks.
 *
 * @throws RouteproofError TOOL_MISSING - with the compiler's last words
 */
export async function buildBinaries(binaries: Binary[], expected: string): Promise<void> {
  const missing = binaries.filter(({ name }) => !hasTool(name));
  if (missing.length === 0) return;
  say(`compiling ${missing.map(({ name }) => name).join(', ')}: once a machine, ${expected}`);
  for (const binary of missing) await build(await findGo(binary.source), binary);
}

async function build(go: string, binary: Binary): Promise<void> {
  const directory = join(toolDir(binary.source), 'bin');
  const target = join(directory, toolFile(binary.name));
  const partial = `${target}.partial.${process.pid}`;
  const startedMs = Date.now();
  await mkdir(directory, { recursive: true });
  say(`${binary.name} (first time about ${binary.expected})`);
  try {
    await compile(go, binary, partial);
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
  say(`${binary.name} built in ${((Date.now() - startedMs) / 1000).toFixed(0)} s`);
}

async function compile(go: string, binary: Binary, output: string): Promise<void> {
  const ldflags = `-s -w${await versionFlag(go, binary)}`;
  const flags = ['-trimpath', '-ldflags', ldflags];
  if (binary.tests === undefined) return runGo(go, binary, ['build', '-v', ...flags, '-o', output]);
  // `go test -c` says nothing while it compiles: let `go build` compile what the tests are made of.
  await runGo(go, binary, ['build', '-v', ...flags]);
  await runGo(go, binary, ['test', '-c', ...flags, '-o', output]);
}

/** `-v` prints one line a compiled package, which is all the progress that go gives. At low priority: it takes minutes of every core. */
async function runGo(go: string, binary: Binary, args: string[]): Promise<void> {
  const child = execa('nice', ['-n', '10', go, ...args, binary.goPackage], {
    cwd: join(projectRoot, 'tools', binary.source),
    env: { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly -buildvcs=false' },
    stdout: 'ignore',
    reject: false,
  });
  const startedMs = Date.now();
  let compiled = 0;
  let downloaded = 0;
  const report = (): void => {
    const seconds = ((Date.now() - startedMs) / 1000).toFixed(0);
    say(`  ${binary.name}: ${seconds} s, ${downloaded} modules fetched, ${compiled} packages compiled`);
  };
  const timer = setInterval(report, 20_000);
  const lines = createInterface({ input: child.stderr });
  lines.on('line', (line) => {
    if (line.startsWith('go: downloading')) downloaded++;
    else compiled++;
  });
  const result = await child;
  clearInterval(timer);
  if (!result.failed) return;
  throw new RouteproofError('TOOL_MISSING', `go ${args[0] ?? ''} failed`, {
    object: binary.name,
    seen: `exit code ${result.exitCode ?? 'none'}: ${lastLines(result.stderr)}`,
    hint: 'a connection to the Go module proxy and about 12 GB of free disk are needed; run the command again, finished parts are kept',
  });
}

/** Kubernetes binaries are told their version, which API discovery and `kubectl version` print. */
async function versionFlag(go: string, binary: Binary): Promise<string> {
  if (!binary.goPackage.startsWith('k8s.io/kubernetes/')) return '';
  const { stdout } = await execa(go, ['list', '-m', '-f', '{{.Version}}', 'k8s.io/kubernetes'], {
    cwd: join(projectRoot, 'tools', binary.source),
    env: { GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' },
  });
  return ` -X k8s.io/component-base/version.gitVersion=${stdout}`;
}

/** Without the names of packages, one a line, that -v prints: those that were compiled beside the failure come after it. */
function lastLines(text: string | undefined): string {
  const lines = (text ?? '').trim().split('\n');
  const words = lines.filter((line) => !/^[^\s:]+$/.test(line));
  return (words.length > 0 ? words : lines).slice(-8).join('\n        ');
}
