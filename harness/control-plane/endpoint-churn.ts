import type { KubeObject } from '../kube/objects.ts';
import type { ControlPlaneFigure } from '../results/control-plane.ts';
import { figureOf } from './figure.ts';
import { gatewayPort, hostOf, routeOf, type Lab } from './lab.ts';
import { lostCalls } from './lost-calls.ts';
import type { Pod } from '../proxies/pods.ts';
import { SteadyCalls } from './steady-calls.ts';
import type { Length, Subject } from './subject.ts';
import { untilServed } from './until-served.ts';

const rollouts: Record<Length, number> = { quick: 2, long: 6 };
const intervalMs = 5;
const servedLimitMs = 60_000;
const name = 'churn';
const label = 'routeproof.dev/rollout';

/** Pods of a backend replaced one after the other under calls, as a Deployment does it. */
export const endpointChurn: Subject = {
  name: 'endpoint-churn',
  title: 'Pods of a backend replaced under load: calls lost, time until a new pod gets calls',
  seconds: { quick: 30, long: 80 },
  async measure(lab, { length }) {
    const { kube } = lab.env;
    await kube.create(deployment(lab, 0));
    await kube.create(service(lab));
    await kube.create(routeOf(lab, name, { backends: [{ name }] }));
    await untilServed(lab, name, { holding: await readyPod(lab, 0), limitMs: servedLimitMs });
    const calls = new SteadyCalls({
      address: lab.address,
      port: gatewayPort,
      authority: hostOf(lab, name),
      intervalMs,
    });
    const took: number[] = [];
    try {
      for (let n = 1; n <= rollouts[length]; n++) {
        await kube.apply(deployment(lab, n));
        const pod = await readyPod(lab, n);
        const readyMs = performance.now();
        took.push(
          Math.max(0, (await untilServed(lab, name, { holding: pod, limitMs: servedLimitMs })) - readyMs),
        );
        await gone(lab, n);
        lab.progress(`  pod ${n} of ${rollouts[length]} replaced`);
      }
    } finally {
      await calls.stop();
    }
    return { figures: figuresOf(took, calls) };
  },
};

function figuresOf(took: number[], calls: SteadyCalls): ControlPlaneFigure[] {
  return [
    figureOf({
      name: 'newPodServedMs',
      title: 'A new pod Ready, until it gets a call',
      unit: 'ms',
      samples: took,
    }),
    ...lostCalls('churn', 'while pods were replaced', [calls]),
  ];
}

function deployment({ env, namespace }: Lab, rollout: number): KubeObject {
  const labels = { app: name, [label]: `n${rollout}` };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 15,
          containers: [
            {
              name: 'echo',
              image: env.echoImage ?? 'docker.io/routeproof/echo-server:dev',
              ports: [{ containerPort: 9000 }],
              env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
              readinessProbe: { tcpSocket: { port: 9000 }, periodSeconds: 1 },
              // What every guide asks of a server behind a load balancer: to serve on while the endpoint is taken away.
              lifecycle: { preStop: { sleep: { seconds: 3 } } },
            },
          ],
        },
      },
    },
  };
}

function service({ namespace }: Lab): KubeObject {
  const port = { name: 'grpc', port: 9000, appProtocol: 'kubernetes.io/h2c' };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name },
    spec: { selector: { app: name }, ports: [port] },
  };
}

/** @returns the name of that rollout's pod, once it is Ready */
async function readyPod(lab: Lab, rollout: number): Promise<string> {
  const found = await podsUntil(lab, (pods) =>
    pods.find(
      ({ metadata, status }) =>
        metadata?.labels?.[label] === `n${rollout}` &&
        status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    ),
  );
  return found.metadata?.name ?? '';
}

/** Waits until no pod of an earlier rollout is left. */
async function gone(lab: Lab, rollout: number): Promise<void> {
  await podsUntil(lab, (pods) => {
    // The Gateway's proxy may run in the same namespace.
    const rolled = pods.flatMap(({ metadata }) => metadata?.labels?.[label] ?? []);
    return rolled.every((each) => each === `n${rollout}`) || undefined;
  });
}

async function podsUntil<T>(lab: Lab, find: (pods: Pod[]) => T | undefined): Promise<T> {
  const { env, namespace, signal } = lab;
  const watch = await env.watches.of('Pod', namespace);
  const look = (): T | undefined => find([...watch.all()] as Pod[]);
  return new Promise((resolve, reject) => {
    const check = (): void => {
      const found = look();
      if (found !== undefined) end(() => resolve(found));
    };
    const unlisten = watch.listen(check);
    const late = setTimeout(
      () => end(() => reject(new Error('the pods of the benchmark did not become as they should'))),
      env.limits.workloadMs,
    );
    const aborted = (): void => end(() => reject(signal.reason as Error));
    const end = (settle: () => void): void => {
      unlisten();
      clearTimeout(late);
      signal.removeEventListener('abort', aborted);
      settle();
    };
    signal.addEventListener('abort', aborted);
    check();
  });
}
