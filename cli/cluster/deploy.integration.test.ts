import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { projectRoot, toolPath } from '../../common/tools.ts';
import { version } from '../../common/version.ts';
import { KeptCluster } from './kept-cluster.fixture.ts';
import { setUpTools } from './tool-set-up.ts';

const chart = join(projectRoot, 'deploy/chart');
const kustomization = join(projectRoot, 'deploy/kustomize');
const namespace = 'routeproof-system';
const inNamespace = `--namespace=${namespace}`;

interface KubeObject {
  kind: string;
  metadata: { name: string; namespace?: string };
  spec?: { controllerName?: string };
}

/** Every value that has an effect, each unlike its default. */
const otherValues = {
  nameOverride: 'other-gateway',
  image: { repository: 'registry.example.com/gateway', tag: 'v9', pullPolicy: 'Always' },
  imagePullSecrets: [{ name: 'registry' }],
  replicas: 3,
  gatewayClass: { create: true, name: 'other' },
  controllerName: 'example.com/other-controller',
  proxy: { image: 'registry.example.com/envoy:v9' },
  logLevel: 'debug',
  resources: { requests: { cpu: '1' }, limits: { memory: '1Gi' } },
  podDisruptionBudget: { enabled: true, maxUnavailable: '50%' },
  serviceAccount: { annotations: { 'example.com/role': 'gateway' } },
  podAnnotations: { 'example.com/scrape': 'true' },
  podLabels: { team: 'network' },
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'infra', operator: 'Exists' }],
  affinity: {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, preference: { matchExpressions: [{ key: 'infra', operator: 'Exists' }] } },
      ],
    },
  },
  priorityClassName: 'system-cluster-critical',
};

describe('deploy/', function () {
  // helm may have to be compiled, a control plane and proxies have to start.
  this.timeout(590_000);
  let dir: string;
  let kept: KeptCluster | undefined;
  const routeproof = (...args: string[]) =>
    execa(process.execPath, [join(projectRoot, 'cli/main.ts'), ...args], {
      // helm keeps what it knows of repositories in the user's home directory otherwise.
      env: {
        ...{ ROUTEPROOF_STATE: dir, NO_COLOR: '1' },
        ...{ HELM_CACHE_HOME: dir, HELM_CONFIG_HOME: dir, HELM_DATA_HOME: dir },
      },
      reject: false,
      forceKillAfterDelay: false,
    });

  async function inside(...argv: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await routeproof('exec', '--name', 'deploy', '--', ...argv);
    if (exitCode !== 0) throw new Error(`${argv.join(' ')}: ${stderr}${stdout}`);
    return stdout;
  }
  const kubectl = (...args: string[]) => inside(toolPath('kubectl'), ...args);
  const helm = (...args: string[]) => inside(toolPath('helm'), ...args);
  const rendered = (...args: string[]) => helm('template', 'gateway', chart, inNamespace, ...args);

  /** The objects in the way in which two renderings can be compared. */
  function objectsOf(text: string): Record<string, KubeObject> {
    const objects = parseAllDocuments(text)
      .map((document) => document.toJS() as KubeObject | null)
      .filter((object) => object !== null);
    return Object.fromEntries(
      objects.map((object) => [
        `${object.kind} ${object.metadata.namespace ?? '-'}/${object.metadata.name}`,
        object,
      ]),
    );
  }

  /** @returns what the API server makes of each */
  async function dryRun(text: string): Promise<KubeObject[]> {
    const file = join(dir, 'rendered.yaml');
    writeFileSync(file, text);
    const said = await kubectl('apply', '--server-side', '--dry-run=server', '-o', 'json', '-f', file);
    return (JSON.parse(said) as { items: KubeObject[] }).items;
  }

  /** What a user does next: routes through the class that was installed, seen by scenarios. */
  async function proves(): Promise<void> {
    await kubectl('rollout', 'status', 'deployment/routeproof-gateway', inNamespace, '--timeout=120s');
    const replicas = '{.status.readyReplicas}';
    expect(
      await kubectl('get', 'deployment/routeproof-gateway', inNamespace, '-o', `jsonpath=${replicas}`),
    ).to.equal('2');
    const main = [process.execPath, join(projectRoot, 'cli/main.ts')];
    const out = ['--out', join(dir, 'out')];
    const which = ['--scenario', 'header/exact', '--no-load', '--limits-scale', '4'];
    const said = await inside(...main, 'conformance', '--cluster', 'kubeconfig', ...which, ...out);
    expect(said).to.match(/1 scenarios in .*: 1 pass;/);
  }

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'rp-deploy-'));
    kept = new KeptCluster('deploy', dir);
    await setUpTools(['helm']);
    const { exitCode, stderr } = await routeproof('up', '--name', 'deploy', '--no-gateway');
    expect(exitCode, stderr).to.equal(0);
  });
  after(() => kept?.down());

  it('has a chart without a fault that helm knows of, of the version that this is', async () => {
    expect(await helm('lint', '--strict', chart)).to.include('0 chart(s) failed');
    const about = parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8')) as Record<string, string>;
    expect(about).to.include({ version, appVersion: version });
  });

  it('makes the same objects with kustomize as with the chart, which leaves the Namespace to helm', async () => {
    const byKustomize = objectsOf(await kubectl('kustomize', kustomization));
    const { [`Namespace -/${namespace}`]: own, ...others } = byKustomize;
    expect(own?.kind).to.equal('Namespace');
    expect(objectsOf(await rendered())).to.deep.equal(others);
    expect(Object.keys(others)).to.have.length(9);
  });

  it('makes objects that the API server takes, whatever the values', async () => {
    await kubectl('create', 'namespace', namespace);
    const file = join(dir, 'values.yaml');
    writeFileSync(file, stringify(otherValues));
    const plain = await rendered();
    const other = await rendered('--values', file);
    const fewer = await rendered('--set', 'podDisruptionBudget.enabled=false,gatewayClass.create=false');
    for (const text of [plain, other, fewer]) {
      const taken = await dryRun(text);
      expect(taken).to.have.length(Object.keys(objectsOf(text)).length);
    }
    // Nothing of the one is the other's, and every value arrives.
    const names = Object.keys(objectsOf(other));
    expect(names.filter((name) => name in objectsOf(plain))).to.deep.equal([]);
    for (const value of leavesOf(otherValues)) expect(other, value).to.include(value);
    expect(JSON.stringify(objectsOf(other))).to.not.include('routeproof-gateway');
    expect(Object.keys(objectsOf(fewer))).to.have.length(7);
    await kubectl('delete', 'namespace', namespace);
  });

  it('refuses values that mean nothing', async () => {
    const refusal = await rendered('--set', 'replica=3').catch((error: unknown) => String(error));
    expect(refusal).to.include('replica');
    expect(await rendered('--set', 'logLevel=loud').catch((error: unknown) => String(error))).to.include(
      'logLevel',
    );
  });

  it('is installed with helm, and gone again', async () => {
    await helm('install', 'gateway', chart, inNamespace, '--create-namespace', '--wait', '--timeout', '120s');
    await proves();
    await helm('uninstall', 'gateway', inNamespace, '--wait', '--timeout', '120s');
    expect(await kubectl('get', 'gatewayclass,clusterrole', '-o', 'name')).to.not.include('routeproof');
    await kubectl('delete', 'namespace', namespace);
  });

  it('is installed with kubectl apply -k, and gone again', async () => {
    await kubectl('apply', '-k', kustomization);
    await proves();
    await kubectl('delete', '-k', kustomization, '--timeout=120s');
    expect(await kubectl('get', 'gatewayclass,clusterrole', '-o', 'name')).to.not.include('routeproof');
  });
});

/** The texts and numbers at the ends of a tree. */
function leavesOf(tree: unknown): string[] {
  if (typeof tree !== 'object' || tree === null) return tree === true ? [] : [String(tree)];
  return Object.values(tree).flatMap(leavesOf);
}
