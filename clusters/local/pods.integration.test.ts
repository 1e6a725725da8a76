import { expect } from 'chai';
import type { Cluster } from '../provider.ts';
import {
  apply,
  clusterTimeoutMs,
  followLog,
  httpGet,
  httpGetScript,
  httpServerScript,
  kubectl,
  until,
  useOwnState,
} from '../testing/cluster-session.ts';
import { loadBalancer, shellPod, webDeployment } from '../testing/manifests.ts';
import type { ContainerStatus, Pod } from '../api/types.ts';
import { LocalProvider } from './local-provider.ts';

const waitForever = 'while :; do sleep 1000 & wait $!; done';

describe('pods of a local cluster', function () {
  this.timeout(clusterTimeoutMs);
  let state: ReturnType<typeof useOwnState>;
  let cluster: Cluster;

  before(async () => {
    state = useOwnState();
    cluster = await new LocalProvider().up({ name: 'pods', lifetime: 'attached' });
  });
  after(async () => {
    await cluster.down();
    state.dispose();
  });

  async function pod(name: string): Promise<Pod> {
    return JSON.parse(await kubectl(cluster, 'get', 'pod', name, '-o', 'json')) as Pod;
  }
  async function container(name: string): Promise<ContainerStatus | undefined> {
    return (await pod(name)).status?.containerStatuses?.[0];
  }
  const phase = (name: string, value: string) => until(cluster, `pod/${name}`, '{.status.phase}', value);
  const waiting = (name: string, reason: string) =>
    until(cluster, `pod/${name}`, '{.status.containerStatuses[0].state.waiting.reason}', reason);

  it('says which real components it runs', () => {
    expect(cluster.versions).to.have.all.keys('kubernetes', 'etcd', 'envoy');
    for (const version of Object.values(cluster.versions)) expect(version).to.match(/^v\d+\.\d+\.\d+$/);
  });

  it('says in the status of a pod that its image has no mapping, and where mappings are', async () => {
    const spec = { containers: [{ name: 'c', image: 'nginx:1.27' }] };
    await apply(cluster, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'unmapped' }, spec });
    await waiting('unmapped', 'ImagePullBackOff');
    const message = (await container('unmapped'))?.state?.waiting?.message;
    expect(message)
      .to.contain('nginx:1.27')
      .and.contain('clusters/local/images.yaml')
      .and.contain('ROUTEPROOF_IMAGES');
    const { status } = await pod('unmapped');
    expect(status?.phase).to.equal('Pending');
    const why = status?.conditions?.find(({ type }) => type === 'Ready');
    expect(why).to.include({ status: 'False', reason: 'ContainersNotReady' });
  });

  it('runs init containers in order, then the others with volumes and environment', async () => {
    const mount = { name: 'work', mountPath: '/work' };
    const init = (name: string, script: string) => ({
      name,
      image: 'test.local/shell:v1',
      args: [script],
      volumeMounts: [mount],
    });
    const script = [
      'echo "order $(cat /work/order)"',
      'echo "env $A $B $C"',
      'echo "files $(cat /etc/conf/a) $(cat /sub) $(cat /secret/x/pw)"',
      'echo "labels $(cat /info/labels)"',
      'touch /etc/conf/new 2>/dev/null && echo writable',
      'touch /usr/new 2>/dev/null && echo writable',
      'echo "done" > /dev/termination-log',
    ].join('\n');
    await apply(
      cluster,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'conf' }, data: { a: 'one', b: 'two' } },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: { pw: 's3' } },
      shellPod('complete', script, {
        spec: {
          restartPolicy: 'Never',
          initContainers: [init('first', 'echo 1 > /work/order'), init('second', 'echo 2 >> /work/order')],
          volumes: [
            { name: 'work', emptyDir: {} },
            { name: 'conf', configMap: { name: 'conf' } },
            { name: 'secret', secret: { secretName: 'keys', items: [{ key: 'pw', path: 'x/pw' }] } },
            {
              name: 'info',
              downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] },
            },
          ],
        },
        container: {
          env: [
            { name: 'A', valueFrom: { configMapKeyRef: { name: 'conf', key: 'a' } } },
            { name: 'B', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            { name: 'C', value: '$(A)+$(B)' },
          ],
          volumeMounts: [
            mount,
            { name: 'conf', mountPath: '/etc/conf', readOnly: true },
            { name: 'conf', mountPath: '/sub', subPath: 'b' },
            { name: 'secret', mountPath: '/secret' },
            { name: 'info', mountPath: '/info' },
          ],
        },
      }),
    );
    await phase('complete', 'Succeeded');
    expect((await kubectl(cluster, 'logs', 'complete', '-c', 'c')).split('\n')).to.deep.equal([
      'order 1',
      '2',
      'env one complete one+complete',
      'files one two s3',
      'labels app="complete"',
    ]);
    const ended = (await container('complete'))?.state?.terminated;
    expect(ended).to.include({ exitCode: 0, reason: 'Completed', message: 'done\n' });
  });

  it('starts a container that ends again, with back-off, and keeps the log of the run before', async () => {
    await apply(cluster, shellPod('crash', 'echo "run of $HOSTNAME"; exit 3'));
    await waiting('crash', 'CrashLoopBackOff');
    const status = await container('crash');
    expect(status).to.include({ restartCount: 1, ready: false, started: false });
    expect(status?.lastState?.terminated).to.include({ exitCode: 3, reason: 'Error' });
    expect(status?.state?.waiting?.message).to.match(
      /^back-off 10s restarting failed container=c pod=crash_default\(/,
    );
    expect(await kubectl(cluster, 'logs', 'crash', '--previous')).to.equal('run of crash');
  });

  it('lets a program open its own output, as an access log does', async () => {
    const script = 'echo one > /dev/stdout; echo two > /dev/stderr; echo three';
    await apply(cluster, shellPod('opens', script, { spec: { restartPolicy: 'Never' } }));
    await phase('opens', 'Succeeded');
    const lines = (await kubectl(cluster, 'logs', 'opens')).trimEnd().split('\n');
    expect(lines.sort()).to.deep.equal(['one', 'three', 'two']);
  });

  it('fails a pod that must not be restarted', async () => {
    await apply(cluster, shellPod('once', 'exit 4', { spec: { restartPolicy: 'Never' } }));
    await phase('once', 'Failed');
    expect((await container('once'))?.state?.terminated).to.include({ exitCode: 4 });
  });

  it('waits for a ConfigMap that comes later', async () => {
    const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'later', key: 'a' } } }];
    await apply(cluster, shellPod('early', `echo "got $A"; ${waitForever}`, { container: { env } }));
    await waiting('early', 'CreateContainerConfigError');
    expect((await container('early'))?.state?.waiting?.message).to.equal('configmap "later" not found');
    await apply(cluster, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'later' },
      data: { a: 'it' },
    });
    await kubectl(cluster, 'wait', 'pod/early', '--for=condition=Ready', '--timeout=60s');
    expect(await kubectl(cluster, 'logs', 'early')).to.equal('got it');
  });

  it('is ready while its readiness probe says so', async () => {
    const readinessProbe = {
      exec: { command: ['test', '-e', '/state/up'] },
      periodSeconds: 1,
      failureThreshold: 1,
    };
    const script = `touch /state/up; trap 'rm /state/up' USR1; ${waitForever}`;
    await apply(
      cluster,
      shellPod('flips', script, {
        spec: { volumes: [{ name: 'state', emptyDir: {} }] },
        container: {
          readinessProbe,
          volumeMounts: [{ name: 'state', mountPath: '/state' }],
          // The probe of liveness is what takes readiness away, once.
          livenessProbe: {
            exec: { command: ['sh', '-c', '[ -e /state/seen ] || { : > /state/seen; kill -USR1 1; }'] },
            initialDelaySeconds: 2,
          },
        },
      }),
    );
    await kubectl(cluster, 'wait', 'pod/flips', '--for=condition=Ready', '--timeout=60s');
    await kubectl(cluster, 'wait', 'pod/flips', '--for=condition=Ready=False', '--timeout=60s');
    expect((await container('flips'))?.restartCount).to.equal(0);
  });

  it('restarts a container whose liveness probe fails', async () => {
    const livenessProbe = {
      tcpSocket: { port: 9 },
      periodSeconds: 1,
      failureThreshold: 1,
      initialDelaySeconds: 1,
    };
    await apply(cluster, shellPod('dead', waitForever, { container: { livenessProbe } }));
    await until(cluster, 'pod/dead', '{.status.containerStatuses[0].restartCount}', '1');
    const events = await kubectl(
      cluster,
      'get',
      'events',
      '--field-selector=involvedObject.name=dead',
      '-o',
      'name',
    );
    expect(events.split('\n').length).to.be.greaterThan(4);
    expect((await container('dead'))?.lastState?.terminated).to.include({ exitCode: 137 });
  });

  it('gives a program its grace period, and ends one that does not use it', async () => {
    const polite = `trap 'echo bye; exit 0' TERM; echo hello; ${waitForever}`;
    const deaf = `trap '' TERM; ${waitForever}`;
    await apply(
      cluster,
      shellPod('polite', polite, { spec: { terminationGracePeriodSeconds: 600 } }),
      shellPod('deaf', deaf, { spec: { terminationGracePeriodSeconds: 1 } }),
    );
    await kubectl(cluster, 'wait', 'pod/polite', 'pod/deaf', '--for=condition=Ready', '--timeout=60s');
    const log = await followLog(cluster, 'polite', 'c');
    await kubectl(cluster, 'delete', 'pod/polite', 'pod/deaf', '--timeout=60s');
    expect(await log()).to.equal('hello\nbye\n');
  });

  it("gives a pod its service account's token, with that account's rights", async () => {
    const metadata = { name: 'reader' };
    const rule = { apiGroups: [''], resources: ['configmaps'], verbs: ['list'] };
    const script = (resource: string) => ({
      args: ['get', resource, '-o', 'name'],
      image: 'test.local/kubectl:v1',
    });
    const spec = { restartPolicy: 'Never', serviceAccountName: 'reader' };
    await apply(
      cluster,
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules: [rule] },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
        subjects: [{ kind: 'ServiceAccount', name: 'reader' }],
      },
      shellPod('may', '', { spec: { ...spec, containers: [{ name: 'c', ...script('configmaps') }] } }),
      shellPod('may-not', '', { spec: { ...spec, containers: [{ name: 'c', ...script('secrets') }] } }),
    );
    await phase('may', 'Succeeded');
    await phase('may-not', 'Failed');
    expect(await kubectl(cluster, 'logs', 'may')).to.contain('configmap/kube-root-ca.crt');
    expect(await kubectl(cluster, 'logs', 'may-not')).to.match(
      /system:serviceaccount:default:reader.*cannot list/,
    );
  });

  it('shows a changed ConfigMap in a running container', async () => {
    const data = (value: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'live' },
      data: { v: value },
    });
    await apply(
      cluster,
      data('old'),
      shellPod('sees', 'until grep -q new /conf/v; do sleep 0.1; done', {
        spec: { restartPolicy: 'Never', volumes: [{ name: 'conf', configMap: { name: 'live' } }] },
        container: { volumeMounts: [{ name: 'conf', mountPath: '/conf' }] },
      }),
    );
    await phase('sees', 'Running');
    await apply(cluster, data('new'));
    await phase('sees', 'Succeeded');
  });

  it('serves a LoadBalancer address to pods, gives none twice or in place of another, and refuses one that nothing serves', async () => {
    const wanted = { loadBalancerIP: '10.97.200.1' };
    await apply(cluster, webDeployment('lb', 1, httpServerScript), loadBalancer('lb', 'lb', wanted));
    await kubectl(cluster, 'rollout', 'status', 'deployment/lb', '--timeout=60s');
    const addressOf = (name: string) =>
      kubectl(cluster, 'get', 'service', name, '-o', 'jsonpath={.status.loadBalancer.ingress[0].ip}');
    const becomes = (name: string, address: string) =>
      until(cluster, `service/${name}`, '{.status.loadBalancer.ingress[0].ip}', address);
    const ask = (name: string, loadBalancerIP: string) =>
      kubectl(cluster, 'patch', 'service', name, '--patch', JSON.stringify({ spec: { loadBalancerIP } }));
    await becomes('lb', wanted.loadBalancerIP);
    // A Service of its own tells that the one before it in line has been looked at.
    await apply(cluster, loadBalancer('lb-taken', 'lb', wanted), loadBalancer('lb-any', 'lb'));
    await until(cluster, 'service/lb-any', '{.status.loadBalancer.ingress[0].ipMode}', 'VIP');
    expect(await addressOf('lb-taken')).to.equal('');
    await ask('lb', '10.97.200.2');
    await becomes('lb', '10.97.200.2');
    await becomes('lb-taken', wanted.loadBalancerIP);
    const any = await addressOf('lb-any');
    await ask('lb-taken', any);
    await ask('lb-any', '192.0.2.1');
    await becomes('lb-taken', any);
    await ask('lb-any', '10.97.200.3');
    await becomes('lb-any', '10.97.200.3');
    const first = await addressOf('lb');
    const caller = shellPod('caller', '', {
      spec: {
        restartPolicy: 'Never',
        containers: [
          { name: 'c', image: 'test.local/node:v1', args: ['-e', httpGetScript, `http://${first}`] },
        ],
      },
    });
    await apply(cluster, caller);
    await phase('caller', 'Succeeded');
    expect(await kubectl(cluster, 'logs', 'caller')).to.match(/^lb-/);
    const refused = await httpGet(cluster, 'http://10.97.250.250');
    expect(refused.stderr).to.equal('ECONNREFUSED');
  });

  it('lets a pod call itself through its own Service', async () => {
    const script = `${httpServerScript}
      const poll = () => fetch('http://' + process.env.SELF_SERVICE_HOST).then((r) => r.text()).then(
        (text) => { console.log('self', text.split(' ')[0]); process.exit(0); }, () => setTimeout(poll, 50));
      poll();`;
    await apply(cluster, loadBalancer('self', 'self'));
    const containers = [{ name: 'c', image: 'test.local/node:v1', args: ['-e', script] }];
    await apply(cluster, shellPod('self', '', { spec: { restartPolicy: 'Never', containers } }));
    await phase('self', 'Succeeded');
    expect(await kubectl(cluster, 'logs', 'self')).to.equal('self self');
  });

  it('answers exec with what can be done instead', async () => {
    const failure = await kubectl(cluster, 'exec', 'early', '--', 'true').catch((error: unknown) =>
      String(error),
    );
    expect(failure).to.contain('exec is not supported on the local cluster');
  });
});
