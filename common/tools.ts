import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { createHash } from 'node:crypto';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RouteproofError } from './errors.ts';
import { officialReleases, type OfficialRelease } from './official-releases.ts';

/** The root of the checkout or of the installed package. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

export const suitesDir = join(projectRoot, 'suites');

/** Of this project's own code: `.ts` in a checkout, `.js` in the installed package. */
export const codeExtension = extname(fileURLToPath(import.meta.url));

const kubebuilderTools = new Set(['etcd', 'kube-apiserver', 'kubectl']);

/** Which pinned manifest under tools/ a binary is built from; the cache is keyed by that manifest. */
const toolSource = {
  etcd: 'kubernetes',
  'kube-apiserver': 'kubernetes',
  'kube-controller-manager': 'kubernetes',
  'kube-proxy': 'kubernetes',
  kubectl: 'kubernetes',
  k6: 'k6',
  grpcurl: 'grpcurl',
  envoy: 'envoy',
  'echo-basic': 'official-v1.6.3',
  'official-v1.6.3': 'official-v1.6.3',
  'official-v1.7.0': 'official-v1.7.0',
  coredns: 'coredns',
  helm: 'helm',
  ghz: 'ghz',
  'envoy-gateway': 'envoy-gateway',
  'envoy-1.39': 'envoy-1.39',
  kind: 'kind',
  kubelet: 'kubernetes',
  kubeadm: 'kubernetes',
  'kube-scheduler': 'kubernetes',
  containerd: 'containerd',
  'containerd-shim-runc-v2': 'containerd',
  ctr: 'containerd',
  'cni-bridge': 'cni-plugins',
  'cni-host-local': 'cni-plugins',
  'cni-loopback': 'cni-plugins',
  'cni-portmap': 'cni-plugins',
  'cni-ptp': 'cni-plugins',
  contour: 'contour',
  'envoy-1.38': 'envoy-1.38',
  'pilot-discovery': 'istio',
  'pilot-agent': 'istio',
  traefik: 'traefik',
} as const;

/** What a kind node is made of where its image cannot be pulled: nobody runs these on the machine itself. */
export const nodeParts = [
  'kubelet',
  'kubeadm',
  'kube-scheduler',
  'containerd',
  'containerd-shim-runc-v2',
  'ctr',
  'cni-bridge',
  'cni-host-local',
  'cni-loopback',
  'cni-portmap',
  'cni-ptp',
] as const satisfies ToolName[];

/** What only some commands need, and set-up makes when one asks for it. */
const onDemand = new Set<ToolName>([
  'coredns',
  'helm',
  'ghz',
  'envoy-gateway',
  'envoy-1.39',
  'contour',
  'envoy-1.38',
  'pilot-discovery',
  'pilot-agent',
  'traefik',
  'kind',
  ...nodeParts,
]);
/** Files of binaries that are called otherwise than the tool: other versions of one, and names that say little by themselves. */
const fileNames: Partial<Record<ToolName, string>> = {
  'envoy-1.39': 'envoy',
  'envoy-1.38': 'envoy',
  'cni-bridge': 'bridge',
  'cni-host-local': 'host-local',
  'cni-loopback': 'loopback',
  'cni-portmap': 'portmap',
  'cni-ptp': 'ptp',
};

export type ToolName = keyof typeof toolSource;
export type ToolSource =
  (typeof toolSource)[ToolName] | 'gateway-api' | 'node' | 'go' | 'go-1.27' | 'kind-node';

const setUpHint = codeExtension === '.ts' ? 'run `make setup`' : 'run `routeproof setup`';

export const toolNames = Object.keys(toolSource) as ToolName[];

/** ROUTEPROOF_CACHE, or routeproof/ in the user's cache directory. */
export function cacheDir(): string {
  const set = process.env['ROUTEPROOF_CACHE'];
  if (set !== undefined && set !== '') return set;
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'routeproof');
}

const lockFiles: Record<ToolSource, string[]> = {
  kubernetes: ['kubernetes/go.mod', 'kubernetes/go.sum'],
  k6: ['k6/go.mod', 'k6/go.sum'],
  grpcurl: ['grpcurl/go.mod', 'grpcurl/go.sum'],
  'gateway-api': ['gateway-api/go.mod', 'gateway-api/go.sum'],
  envoy: ['envoy/requirements.txt'],
  'official-v1.6.3': ['official-v1.6.3/go.mod', 'official-v1.6.3/go.sum'],
  'official-v1.7.0': ['official-v1.7.0/go.mod', 'official-v1.7.0/go.sum'],
  coredns: ['coredns/go.mod', 'coredns/go.sum'],
  helm: ['helm/go.mod', 'helm/go.sum'],
  ghz: ['ghz/go.mod', 'ghz/go.sum'],
  'envoy-gateway': ['envoy-gateway/go.mod', 'envoy-gateway/go.sum'],
  'envoy-1.39': ['envoy-1.39/requirements.txt'],
  kind: ['kind/go.mod', 'kind/go.sum'],
  containerd: ['containerd/go.mod', 'containerd/go.sum'],
  'cni-plugins': ['cni-plugins/go.mod', 'cni-plugins/go.sum'],
  'kind-node': [
    'kind-node/base-packages.txt',
    'kind-node/node-packages.txt',
    ...['kubernetes', 'containerd', 'cni-plugins', 'coredns', 'kind'].flatMap((module) => [
      `${module}/go.mod`,
      `${module}/go.sum`,
    ]),
  ],
  contour: ['contour/go.mod', 'contour/go.sum'],
  'envoy-1.38': ['envoy-1.38/requirements.txt'],
  istio: ['istio/go.mod', 'istio/go.sum'],
  traefik: ['go.mod', 'go.sum', 'dynamic-ext/go.mod', 'dynamic-ext/ext.go'].map((file) => `traefik/${file}`),
  go: ['go/requirements.txt'],
  'go-1.27': ['go-1.27/requirements.txt'],
  node: ['node/package.json', 'node/package-lock.json'],
};

/** Where set-up puts what it makes from tools/SOURCE: a directory of its own for each version of the lock files. */
export function toolDir(source: ToolSource): string {
  const hash = createHash('sha256').update(process.arch);
  for (const file of lockFiles[source]) hash.update(readFileSync(join(projectRoot, 'tools', file)));
  return join(cacheDir(), `${source}-${hash.digest('hex').slice(0, 12)}`);
}

/** The directory that set-up fills for a tool: bin/, and folders of its module where something reads them. */
export function toolDirOf(name: ToolName): string {
  return toolDir(toolSource[name]);
}

/**
 * The path of a real component's binary: ENVOY_PATH (envoy), KUBEBUILDER_ASSETS (etcd, kube-apiserver, kubectl),
 * ROUTEPROOF_TOOLS (any), then the cache that set-up fills.
 *
 * @throws RouteproofError TOOL_MISSING - with every place looked at
 */
export function toolPath(name: ToolName): string {
  const candidates = toolCandidates(name);
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  throw new RouteproofError('TOOL_MISSING', `the binary ${name} is missing`, {
    seen: `no executable at ${candidates.join(', ')}`,
    hint: howToMake(name),
  });
}

function howToMake(name: ToolName): string {
  if (onDemand.has(name)) return `run \`tools/setup.sh tools ${name}\``;
  return toolSource[name].startsWith('official-') ? 'run `routeproof official` once' : setUpHint;
}

/** What the tool's file is called in the directory that set-up fills. */
export function toolFile(name: ToolName): string {
  return fileNames[name] ?? name;
}

/** Whether toolPath would find the binary. */
export function hasTool(name: ToolName): boolean {
  return toolCandidates(name).some(isExecutable);
}

function toolCandidates(name: ToolName): string[] {
  const candidates: string[] = [];
  const env = (key: string, file: (value: string) => string): void => {
    const value = process.env[key];
    if (value !== undefined && value !== '') candidates.push(file(value));
  };
  if (name === 'envoy') env('ENVOY_PATH', (path) => path);
  if (kubebuilderTools.has(name)) env('KUBEBUILDER_ASSETS', (dir) => join(dir, name));
  env('ROUTEPROOF_TOOLS', (dir) => join(dir, name));
  candidates.push(join(toolDirOf(name), 'bin', toolFile(name)));
  return candidates;
}

/**
 * The directory of a pinned release's Gateway API CRDs.
 *
 * @throws RouteproofError TOOL_MISSING
 */
export function crdDir(
  channel: 'standard' | 'experimental',
  release: OfficialRelease = officialReleases[0],
): string {
  const source = crdSource(release);
  const dir = join(toolDir(source), 'crd', channel);
  if (existsSync(dir)) return dir;
  throw new RouteproofError(
    'TOOL_MISSING',
    `the Gateway API CRDs (${release}, ${channel} channel) are missing`,
    {
      seen: `no directory ${dir}`,
      hint: source === 'gateway-api' ? setUpHint : `run \`tools/setup.sh crds ${release}\``,
    },
  );
}

/** Whether crdDir would find the release's CRDs. */
export function hasCrds(release: OfficialRelease): boolean {
  return existsSync(join(toolDir(crdSource(release)), 'crd'));
}

function crdSource(release: OfficialRelease): 'gateway-api' | 'official-v1.7.0' {
  return release === 'v1.6.3' ? 'gateway-api' : `official-${release}`;
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
