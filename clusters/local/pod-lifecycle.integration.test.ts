import { expect } from 'chai';
import { toolPath } from '../../common/tools.ts';
import type { Cluster } from '../provider.ts';
import {
  apply,
  clusterTimeoutMs,
  followLog,
  kubectl,
  runIn,
  until,
  untilEvent,
  useOwnState,
} from '../testing/cluster-session.ts';
import { shellPod } from '../testing/manifests.ts';
import { LocalProvider } from './local-provider.ts';

const waitForever = 'while :; do sleep 1000 & wait $!; done';
const untilTerm = `trap 'cat /work/hook; echo term; exit 0' TERM; : > /work/hook; echo up; ${waitForever}`;
const shareVariable = 'ROUTEPROOF_TOKEN_REFRESH_SHARE';

describe('the life of pods of a local cluster', function () {
  this.timeout(clusterTimeoutMs);
  let state: ReturnType<typeof useOwnState>;
  let cluster: Cluster;

  before(async () => {
    state = useOwnState();
    // Of the 600 s that are the least a token can be asked for.
    process.env[shareVariable] = '0.001';
    cluster = await new LocalProvider().up({ name: 'lifecycle', lifetime: 'attached' });
  });
  after(async () => {
    Reflect.deleteProperty(process.env, shareVariable);
    await cluster.down();
    state.dispose();
  });

  const ready = (pod: string) =>
    kubectl(cluster, 'wait', `pod/${pod}`, '--for=condition=Ready', '--timeout=60s');
  const remove = (pod: string) => kubectl(cluster, 'delete', `pod/${pod}`, '--timeout=60s');
  const work = { name: 'work', mountPath: '/work' };
  const withHook = (command: string, graceSeconds: number) => ({
    spec: { terminationGracePeriodSeconds: graceSeconds, volumes: [{ name: 'work', emptyDir: {} }] },
    container: { volumeMounts: [work], lifecycle: { preStop: { exec: { command: ['sh', '-c', command] } } } },
  });

  it('runs a preStop hook to its end before SIGTERM', async () => {
    await apply(cluster, shellPod('hook', untilTerm, withHook('echo hook > /work/hook', 600)));
    await ready('hook');
    const log = await followLog(cluster, 'hook', 'c');
    await remove('hook');
    expect(await log()).to.equal('up\nhook\nterm\n');
  });

  it('sends SIGTERM after a preStop hook that fails, and says why it failed', async () => {
    await apply(cluster, shellPod('fails', untilTerm, withHook('echo no such switch; exit 3', 600)));
    await ready('fails');
    const log = await followLog(cluster, 'fails', 'c');
    await remove('fails');
    expect(await log()).to.equal('up\nterm\n');
    await untilEvent(cluster, 'fails', 'FailedPreStopHook', 'PreStopHook failed: no such switch');
  });

  it('gives a preStop hook no longer than the grace period', async () => {
    await apply(cluster, shellPod('hangs', untilTerm, withHook('sleep 100000', 1)));
    await ready('hangs');
    const log = await followLog(cluster, 'hangs', 'c');
    await remove('hangs');
    expect(await log()).to.equal('up\nterm\n');
  });

  const shell = (name: string, script: string, more: object = {}) => ({
    name,
    image: 'test.local/shell:v1',
    args: [script],
    volumeMounts: [work],
    ...more,
  });

  it('starts a sidecar before what follows it, counts its readiness, and ends it last', async () => {
    const go = (value: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'go' },
      data: { go: value },
    });
    // The third question whether it has started is answered with yes.
    const started = 'echo asked >> /work/order; [ $(grep -c asked /work/order) -ge 3 ]';
    const sidecar = shell('side', `trap 'cat /work/order; exit 0' TERM; echo up; ${waitForever}`, {
      restartPolicy: 'Always',
      volumeMounts: [work, { name: 'go', mountPath: '/go' }],
      startupProbe: { exec: { command: ['sh', '-c', started] }, periodSeconds: 1, failureThreshold: 60 },
      readinessProbe: { exec: { command: ['grep', '-q', 'yes', '/go/go'] }, periodSeconds: 1 },
    });
    const main = `echo main >> /work/order; trap 'echo main ends >> /work/order; exit 0' TERM; ${waitForever}`;
    await apply(
      cluster,
      go('no'),
      shellPod('sidecar', '', {
        spec: {
          terminationGracePeriodSeconds: 600,
          volumes: [
            { name: 'work', emptyDir: {} },
            { name: 'go', configMap: { name: 'go' } },
          ],
          initContainers: [
            shell('first', 'echo first >> /work/order'),
            sidecar,
            shell('second', 'echo second >> /work/order'),
          ],
          containers: [shell('main', main)],
        },
      }),
    );
    await until(cluster, 'pod/sidecar', '{.status.containerStatuses[0].ready}', 'true');
    expect(await conditionOf('sidecar', 'Ready')).to.equal('False containers with unready status: [side]');
    expect(await conditionOf('sidecar', 'Initialized')).to.match(/^True/);
    await apply(cluster, go('yes'));
    await ready('sidecar');
    const log = await followLog(cluster, 'sidecar', 'side');
    await remove('sidecar');
    const order = ['first', 'asked', 'asked', 'asked', 'second', 'main', 'main ends'];
    expect((await log()).trimEnd().split('\n')).to.deep.equal(['up', ...order]);
  });

  it('ends a sidecar in good order when the others are done', async () => {
    const sidecar = shell('side', `trap 'echo bye; exit 0' TERM; touch /work/up; ${waitForever}`, {
      restartPolicy: 'Always',
      startupProbe: { exec: { command: ['test', '-e', '/work/up'] }, periodSeconds: 1, failureThreshold: 60 },
    });
    const spec = {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 600,
      volumes: [{ name: 'work', emptyDir: {} }],
      initContainers: [sidecar],
    };
    await apply(cluster, shellPod('job', 'exit 0', { spec }));
    await until(cluster, 'pod/job', '{.status.initContainerStatuses[0].state.terminated.exitCode}', '0');
    expect(await kubectl(cluster, 'logs', 'job', '-c', 'side')).to.equal('bye');
    await until(cluster, 'pod/job', '{.status.phase}', 'Succeeded');
  });

  it('gives a running pod a new token of its service account in time, which the API server accepts', async () => {
    const serviceAccountToken = { path: 'token', expirationSeconds: 600 };
    const script = `first=$(cat /token/token)
      until [ "$(cat /token/token)" != "$first" ]; do sleep 0.1; done
      echo "$(cat /token/token)"; ${waitForever}`;
    await apply(
      cluster,
      shellPod('tokens', script, {
        spec: { volumes: [{ name: 'token', projected: { sources: [{ serviceAccountToken }] } }] },
        container: { volumeMounts: [{ name: 'token', mountPath: '/token' }] },
      }),
    );
    await ready('tokens');
    await followLog(cluster, 'tokens', 'c');
    const token = await kubectl(cluster, 'logs', 'tokens');
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
    const create = [toolPath('kubectl'), 'create', '-f', '-', '-o', 'jsonpath={.status}'] as const;
    const { stdout } = await runIn(cluster, [...create], JSON.stringify(review));
    expect(JSON.parse(stdout)).to.deep.include({ authenticated: true });
    expect(stdout).to.contain('system:serviceaccount:default:default').and.to.contain('"tokens"');
  });

  async function conditionOf(pod: string, type: string): Promise<string> {
    const path = `{.status.conditions[?(@.type=="${type}")]['status', 'message']}`;
    return kubectl(cluster, 'get', 'pod', pod, '-o', `jsonpath=${path}`);
  }
});
