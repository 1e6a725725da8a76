import { expect } from 'chai';
import type { Cluster } from '../provider.ts';
import {
  apply,
  clusterTimeoutMs,
  kubectl,
  until,
  untilEvent,
  useOwnState,
} from '../testing/cluster-session.ts';
import { shellPod } from '../testing/manifests.ts';
import { LocalProvider } from './local-provider.ts';

const waitForever = 'while :; do sleep 1000 & wait $!; done';

describe('probes of a local cluster', function () {
  this.timeout(clusterTimeoutMs);
  let state: ReturnType<typeof useOwnState>;
  let cluster: Cluster;

  before(async () => {
    state = useOwnState();
    cluster = await new LocalProvider().up({ name: 'probes', lifetime: 'attached' });
  });
  after(async () => {
    await cluster.down();
    state.dispose();
  });

  const restarts = (pod: string, count: string) =>
    until(cluster, `pod/${pod}`, '{.status.containerStatuses[0].restartCount}', count);

  it('asks gRPC health services whether a program is ready and alive', async () => {
    const health = (ready: string, alive: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'health' },
      data: { ready, alive },
    });
    const probe = (service: string) => ({ grpc: { port: 50051, service }, periodSeconds: 1 });
    const container = {
      name: 'c',
      image: 'test.local/health:v1',
      args: ['/conf'],
      // Until the server listens it is neither.
      startupProbe: { tcpSocket: { port: 50051 }, periodSeconds: 1, failureThreshold: 60 },
      readinessProbe: probe('ready'),
      livenessProbe: { ...probe('alive'), failureThreshold: 1 },
      volumeMounts: [{ name: 'conf', mountPath: '/conf' }],
    };
    const volumes = [{ name: 'conf', configMap: { name: 'health' } }];
    await apply(
      cluster,
      health('NOT_SERVING', 'SERVING'),
      shellPod('health', '', { spec: { containers: [container], volumes } }),
    );
    await untilEvent(
      cluster,
      'health',
      'Unhealthy',
      'Readiness probe failed: service unhealthy (responded with "NOT_SERVING")',
    );
    await until(cluster, 'pod/health', '{.status.containerStatuses[0].ready}', 'false');
    await apply(cluster, health('SERVING', 'SERVING'));
    await kubectl(cluster, 'wait', 'pod/health', '--for=condition=Ready', '--timeout=60s');
    expect(await statusOf('health', 'ready', 'restartCount')).to.deep.equal(['true', '0']);
    await apply(cluster, health('SERVING', 'NOT_SERVING'));
    await restarts('health', '1');
  });

  it('does not ask whether a program is alive or ready before it has started', async () => {
    // Each probe writes down that it was asked; the fourth question about the start is answered with yes.
    const asked = (what: string, then: string) => ({
      exec: { command: ['sh', '-c', `echo ${what} >> /state/asked; ${then}`] },
      periodSeconds: 1,
      failureThreshold: 1,
    });
    const script = `cat /state/first; ${waitForever}`;
    const startupProbe = {
      ...asked('start', '[ $(grep -c start /state/asked) -ge 4 ]'),
      failureThreshold: 60,
    };
    await apply(
      cluster,
      shellPod('starts', script, {
        spec: { volumes: [{ name: 'state', emptyDir: {} }] },
        container: {
          volumeMounts: [{ name: 'state', mountPath: '/state' }],
          startupProbe,
          readinessProbe: asked('ready', 'true'),
          livenessProbe: asked('alive', '[ -e /state/first ] || mv /state/asked /state/first; exit 1'),
        },
      }),
    );
    await restarts('starts', '1');
    // To the end of a run after the first, which tells what the first was asked.
    const lines = (await kubectl(cluster, 'logs', '--follow', 'starts')).split('\n');
    expect(lines.slice(0, 4)).to.deep.equal(['start', 'start', 'start', 'start']);
    expect(lines).to.include('alive');
  });

  it('restarts a program that never starts', async () => {
    const startupProbe = { exec: { command: ['false'] }, periodSeconds: 1, failureThreshold: 1 };
    await apply(cluster, shellPod('never', waitForever, { container: { startupProbe } }));
    await restarts('never', '1');
    await untilEvent(cluster, 'never', 'Killing', 'Container c failed Startup probe, will be restarted');
    expect(await statusOf('never', 'ready')).to.deep.equal(['false']);
  });

  async function statusOf(pod: string, ...fields: string[]): Promise<string[]> {
    const paths = fields.map((field) => `{.status.containerStatuses[0].${field}}`);
    return (await kubectl(cluster, 'get', 'pod', pod, '-o', `jsonpath=${paths.join(',')}`)).split(',');
  }
});
