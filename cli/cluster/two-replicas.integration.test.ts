import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { projectRoot, toolPath } from '../../common/tools.ts';
import { KeptCluster } from './kept-cluster.fixture.ts';

const system = '--namespace=routeproof-system';
const wait = '--timeout=90s';

describe('two replicas of the bundled gateway', function () {
  // A control plane, two controllers, a proxy, and the 15 s of a Lease that nobody let go.
  this.timeout(300_000);
  let dir: string;
  let kept: KeptCluster | undefined;
  const routeproof = (...args: string[]) =>
    execa(process.execPath, [join(projectRoot, 'cli/main.ts'), ...args], {
      env: { ROUTEPROOF_STATE: dir, NO_COLOR: '1' },
      reject: false,
      forceKillAfterDelay: false,
    });
  const inside = (...argv: string[]) => routeproof('exec', '--name', 'two', '--', ...argv);

  async function kubectl(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await inside(toolPath('kubectl'), ...args);
    if (exitCode !== 0) throw new Error(stderr);
    return stdout;
  }

  async function apply(...objects: object[]): Promise<void> {
    const file = join(dir, 'objects.yaml');
    writeFileSync(file, objects.map((object) => stringify(object)).join('---\n'));
    await kubectl('apply', '-f', file);
  }

  /** The pod that the Lease names. */
  async function leader(): Promise<string> {
    const path = 'jsonpath={.spec.holderIdentity}';
    const holder = await kubectl('get', 'lease/routeproof-gateway', system, '-o', path);
    return holder.slice(0, holder.lastIndexOf('_'));
  }

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'rp-replicas-'));
    kept = new KeptCluster('two', dir);
    const { exitCode, stderr } = await routeproof('up', '--name', 'two');
    expect(exitCode, stderr).to.equal(0);
    await apply(...backend('a'), ...backend('b'), gateway, route('a'));
    await kubectl('scale', 'deployment/routeproof-gateway', system, '--replicas=2');
    await kubectl('rollout', 'status', 'deployment/routeproof-gateway', system, wait);
    await kubectl('wait', 'gateway/steady', '--for=condition=Programmed', wait);
  });
  after(() => kept?.down());

  it('goes on without the one that led: no call is lost, changes are served and statuses written', async () => {
    await kubectl('wait', 'deployment/a', 'deployment/b', '--for=condition=Available', wait);
    const address = await kubectl('get', 'gateway/steady', '-o', 'jsonpath={.status.addresses[0].value}');
    const stop = join(dir, 'stop');
    const program = join(projectRoot, 'cli/testing/call-steadily.ts');
    const calls = inside(process.execPath, program, `${address}:80`, 'steady.example.com', stop);
    const lines = createInterface({ input: calls.stdout })[Symbol.asyncIterator]();
    const said = async (): Promise<string> => String((await lines.next()).value);
    expect(await said()).to.match(/^from a-/);

    const first = await leader();
    killPod(first);
    await kubectl('delete', `pod/${first}`, system, '--force', '--grace-period=0');
    await apply(route('b'));
    // Nobody leads yet; the one that is left serves all the same.
    expect(await said()).to.match(/^from b-/);
    const accepted = '{.status.parents[0].conditions[?(@.type=="Accepted")].observedGeneration}';
    await kubectl('wait', 'grpcroute/steady', `--for=jsonpath=${accepted}=2`, wait);
    expect(await leader()).to.not.equal(first);

    // The next one lets it go.
    const second = await leader();
    await kubectl('rollout', 'status', 'deployment/routeproof-gateway', system, wait);
    await kubectl('delete', `pod/${second}`, system);
    await apply(route('a'));
    expect(await said()).to.match(/^from a-/);
    await kubectl('wait', 'grpcroute/steady', `--for=jsonpath=${accepted}=3`, wait);
    expect(await leader()).to.not.equal(second);

    writeFileSync(stop, '');
    expect(await said()).to.match(/^calls \d{2,}$/);
    expect((await calls).exitCode).to.equal(0);
  });
});

/** Ends the controller in that pod without a word. */
function killPod(pod: string): void {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`POD_NAME=${pod}`);
    } catch {
      return false;
    }
  });
  expect(found, `processes of ${pod}`).to.not.have.length(0);
  for (const pid of found) process.kill(Number(pid), 'SIGKILL');
}

const gateway = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'steady' },
  spec: { gatewayClassName: 'routeproof', listeners: [{ name: 'http', protocol: 'HTTP', port: 80 }] },
};

function route(to: string): object {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { name: 'steady' },
    spec: {
      parentRefs: [{ name: 'steady' }],
      hostnames: ['steady.example.com'],
      rules: [{ backendRefs: [{ name: to, port: 9000 }] }],
    },
  };
}

function backend(app: string): object[] {
  const podName = { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } };
  const container = {
    name: 'echo',
    image: 'docker.io/routeproof/echo-server:dev',
    env: [podName],
    readinessProbe: { tcpSocket: { port: 9000 }, periodSeconds: 1 },
  };
  const template = { metadata: { labels: { app } }, spec: { containers: [container] } };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: app },
      spec: { selector: { matchLabels: { app } }, template },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: app },
      spec: { selector: { app }, ports: [{ port: 9000 }] },
    },
  ];
}
