import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { expect } from 'chai';
import { RouteproofError } from '../../common/errors.ts';
import type { Cluster, ClusterProvider } from '../provider.ts';
import {
  apply,
  clusterTimeoutMs,
  httpGet,
  httpServerScript,
  kubectl,
  runIn,
  until,
  useOwnState,
} from './cluster-session.ts';
import { loadBalancer, webDeployment } from './manifests.ts';

/** What every provider has to pass. */
export function describeContract(provider: ClusterProvider, timeoutMs = clusterTimeoutMs): void {
  describe(`the contract of clusters: ${provider.name}`, function () {
    this.timeout(timeoutMs);
    const name = 'contract';
    let state: ReturnType<typeof useOwnState>;
    let cluster: Cluster;

    before(async () => {
      state = useOwnState();
      cluster = await provider.up({ name, lifetime: 'detached' });
    });
    after(async () => {
      await cluster.down();
      state.dispose();
    });

    it('is ready when up() returns: API, node, service account', async () => {
      expect(await kubectl(cluster, 'get', '--raw', '/readyz')).to.equal('ok');
      const ready = '{.items[*].status.conditions[?(@.type=="Ready")].status}';
      expect(await kubectl(cluster, 'get', 'nodes', '-o', `jsonpath=${ready}`)).to.match(/^True( True)*$/);
      expect(await kubectl(cluster, 'get', 'serviceaccount', 'default', '-o', 'name')).to.equal(
        'serviceaccount/default',
      );
      const version = JSON.parse(await kubectl(cluster, 'get', '--raw', '/version')) as {
        gitVersion: string;
      };
      expect(cluster.versions).to.include({ kubernetes: version.gitVersion });
    });

    it('keeps its credentials for the owner', () => {
      expect(statSync(cluster.kubeconfigPath).mode & 0o777).to.equal(0o600);
    });

    it('is found by its name, and listed', async () => {
      expect((await provider.find(name))?.kubeconfigPath).to.equal(cluster.kubeconfigPath);
      expect(await provider.find('no-such')).to.equal(undefined);
      const found = (await provider.list()).find((status) => status.name === name);
      expect(found).to.include({
        provider: provider.name,
        state: 'running',
        kubeconfigPath: cluster.kubeconfigPath,
      });
    });

    it('refuses a second cluster of its name, and stays as it is', async () => {
      const failure: unknown = await provider
        .up({ name, lifetime: 'detached' })
        .catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(RouteproofError);
      expect((failure as RouteproofError).code).to.equal('CLUSTER_EXISTS');
      expect(await kubectl(cluster, 'get', '--raw', '/readyz')).to.equal('ok');
    });

    it('runs commands with KUBECONFIG and their own exit codes', async () => {
      const result = await runIn(cluster, ['sh', '-c', 'echo "$KUBECONFIG"; cat; exit 7'], 'in');
      expect(result).to.deep.include({ exitCode: 7, stdout: `${cluster.kubeconfigPath}\nin` });
    });

    for (const [signal, sendTo] of [
      ['SIGTERM', (pid: number) => pid],
      // Ctrl-C goes to the process group of the terminal.
      ['SIGINT', (pid: number) => -pid],
    ] as const) {
      it(`lets a command end by itself on ${signal}`, async () => {
        // Nothing may be left behind that holds this test's own output open: the sleep is there before the signal is asked for, and a
        // shell that has just been forked for it can lose any signal but KILL.
        const end = `kill -9 $!; echo ended by ${signal}; exit 5`;
        const sleep = 'sleep 1000 > /dev/null 2>&1 &';
        const script = `trap '${end}' ${signal.slice(3)}; ${sleep} echo ready; while :; do wait $!; done`;
        const { file, args, env } = cluster.command(['sh', '-c', script]);
        const stdio = ['ignore', 'pipe', 'inherit'] as const;
        const child = spawn(file, args, {
          env: { ...process.env, ...env },
          stdio: [...stdio],
          detached: true,
        });
        const exited = once(child, 'exit');
        let text = '';
        for await (const chunk of child.stdout) {
          text += String(chunk);
          if (text === 'ready\n') process.kill(sendTo(child.pid ?? 0), signal);
        }
        expect(text).to.equal(`ready\nended by ${signal}\n`);
        expect(await exited).to.deep.equal([5, null]);
      });
    }

    it('serves a Deployment through pods, ClusterIP and LoadBalancer address', async () => {
      await apply(cluster, webDeployment('web', 2, httpServerScript), loadBalancer('web', 'web'));
      await kubectl(cluster, 'rollout', 'status', 'deployment/web', '--timeout=60s');
      await until(cluster, 'service/web', '{.status.loadBalancer.ingress[0].ipMode}', 'VIP');
      const address = (path: string, object: string) =>
        kubectl(cluster, 'get', object, '-o', `jsonpath=${path}`);
      const podIps = (await address('{.items[*].status.podIP}', 'pods')).split(' ');
      expect(new Set(podIps).size).to.equal(2);
      for (const ip of podIps)
        expect((await httpGet(cluster, `http://${ip}:8080`)).stdout, ip).to.match(/^web-/);
      // A Service is served a moment after its pods are ready: nothing says when.
      const serviceIps = [
        await address('{.spec.clusterIP}', 'service/web'),
        await address('{.status.loadBalancer.ingress[0].ip}', 'service/web'),
      ];
      for (const ip of serviceIps) {
        let answer = '';
        while (!answer.startsWith('web-')) answer = (await httpGet(cluster, `http://${ip}`)).stdout;
      }
    });

    it('is gone after down(), which may be called again', async () => {
      await cluster.down();
      await cluster.down();
      expect(await provider.find(name)).to.equal(undefined);
      expect(await provider.list()).to.deep.equal([]);
      expect(() => statSync(cluster.kubeconfigPath)).to.throw('ENOENT');
    });
  });
}
