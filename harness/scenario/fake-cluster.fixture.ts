import { FakeApi } from '../kube/fake-api.fixture.ts';
import { KubeClient } from '../kube/client.ts';
import type { KubeObject, ParentReference } from '../kube/objects.ts';
import { Watches } from '../kube/watches.ts';
import type { ScenarioResult } from '../results/run.ts';
import { FakeGateway } from '../rpc/fake-gateway.fixture.ts';
import { directly } from '../reach/reach.ts';
import { Ledger } from '../rpc/ledger.ts';
import { echoProtoDir, Protos } from '../rpc/protos.ts';
import type { RunEnv } from '../env/run-env.ts';
import { runRules } from '../env/run-rules.ts';
import type { Clock } from '../wait/clock.ts';
import { FakeClock } from '../wait/fake-clock.fixture.ts';
import type { ScenarioMeta } from '../specs/api.ts';
import { onDefaultCluster } from '../env/by-hand.ts';
import { scaledLimits } from '../env/limits.ts';
import type { ScenarioBody } from '../specs/registry.ts';
import { runScenario } from './run-scenario.ts';

const controllerName = 'fake.test/controller';

/** A fake API server, a fake controller and a fake gateway: what a scenario needs, in this process. */
export class FakeCluster {
  readonly api = new FakeApi();
  readonly gateway = new FakeGateway();
  readonly clock: Clock = new FakeClock();
  /** What the controller writes into a route's status; undefined leaves it alone. */
  routeStatus: (route: KubeObject) => Record<string, unknown>[] | undefined = accepted;
  #env: RunEnv | undefined;

  async start(): Promise<void> {
    const [server] = await Promise.all([this.api.start(), this.gateway.start()]);
    this.api.objects.set('/apis/gateway.networking.k8s.io/v1/namespaces/routeproof-base/gateways/shared', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'shared', namespace: 'routeproof-base', uid: 'shared', generation: 1 },
      status: { addresses: [{ value: '127.0.0.1' }] },
    });
    this.api.onWrite = (path, object) => this.#control(path, object);
    const kube = new KubeClient({ server, options: {} });
    const protos = new Protos(echoProtoDir);
    this.#env = {
      runId: 'test',
      kube,
      watches: new Watches(kube),
      limits: scaledLimits(0.04),
      clock: this.clock,
      gatewayClass: 'fake',
      controllerName,
      baseNamespace: 'routeproof-base',
      supportedFeatures: new Set(),
      rules: runRules(),
      crdRelease: 'v1.6.3',
      backendCa: '',
      echoPods: [1, 2].map((index) => ({
        deployment: `echo-${String(index)}`,
        pod: `pod-${String(index)}`,
        address: '127.0.0.1',
        port: this.gateway.port,
      })),
      protos,
      reach: directly,
      ledger: new Ledger(protos),
      logNamespaces: [],
      kubeconfigPath: undefined,
      keep: false,
      throwaway: false,
      ownCluster: false,
      explain: true,
      byHand: onDefaultCluster,
      leftNamespaces: new Set(),
    };
  }

  get env(): RunEnv {
    if (this.#env === undefined) throw new Error('start() it first');
    return this.#env;
  }

  async stop(): Promise<void> {
    this.env.watches.stop();
    this.env.ledger.close();
    this.env.kube.close();
    this.gateway.stop();
    await this.api.stop();
  }

  /** Runs a scenario that exists in this test only. */
  run(
    body: ScenarioBody,
    meta: Partial<ScenarioMeta> = {},
    signal = new AbortController().signal,
  ): Promise<ScenarioResult> {
    const whole: ScenarioMeta = {
      id: 'fake/one',
      title: 'a title',
      support: 'core',
      clauses: ['a'],
      backends: ['v1', 'v2'],
      ...meta,
    };
    return runScenario({ meta: whole, body, file: undefined }, this.env, { signal, startedMs: 0 });
  }

  /** A call to the fake gateway, which listens on some port. */
  get call(): { host: string; port: number } {
    return { host: 'shop.example.com', port: this.gateway.port };
  }

  #control(path: string, object: KubeObject): void {
    if (object.kind !== 'GRPCRoute' && object.kind !== 'HTTPRoute') return;
    const conditions = this.routeStatus(object);
    if (conditions === undefined) return;
    const { parentRefs = [] } = object.spec as { parentRefs?: ParentReference[] };
    this.api.setStatus(path, {
      parents: parentRefs.map((parentRef) => ({ parentRef, controllerName, conditions })),
    });
  }
}

/** Accepted and ResolvedRefs at the route's generation. */
export function accepted(route: KubeObject): Record<string, unknown>[] {
  const observedGeneration = route.metadata?.generation ?? 0;
  return ['Accepted', 'ResolvedRefs'].map((type) => ({
    type,
    status: 'True',
    reason: type,
    observedGeneration,
  }));
}

/** A route on the shared Gateway. */
export const route: KubeObject = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'GRPCRoute',
  metadata: { name: 'shop' },
  spec: { parentRefs: [{ name: 'shared', namespace: 'routeproof-base' }], hostnames: ['shop.example.com'] },
};
