/**
 * CPU of one change among many routes, from the watch event to what the proxy is told, without network:
 * `node --expose-gc gateway/change.bench.ts [CHANGES] [ROUTES...]`. Each route has a host and a Service of its own.
 */
import { GatewayModel } from './ads/gateway-model.ts';
import { ObjectStore } from './provider/object-store.ts';
import type { KubeObject } from './provider/object-store.ts';
import type { EndpointSlice, GrpcRoute, Service } from './translate/model/gateway-api.ts';
import { Translator } from './translate/translator.ts';
import type { Objects, StatusUpdate } from './translate/model/types.ts';
import { XdsDelta } from './xds/xds-delta.ts';

const changes = Number(process.argv[2] ?? 1000);
const sizes = process.argv.slice(3).map(Number);
const meta = { namespace: 'app', creationTimestamp: '2026-01-01T00:00:00Z' };

class Bench {
  readonly #routes = store<GrpcRoute>();
  readonly #services = store<Service>();
  readonly #slices = store<EndpointSlice>();
  readonly #gateways = store<Objects['gateways'][number]>();
  readonly #translator = new Translator();
  readonly #delta = new XdsDelta();
  readonly #model = new GatewayModel();
  told = 0;
  written = 0;

  constructor() {
    this.#model.subscribe((_, names) => (this.told += [...names].length));
    this.#gateways.set({
      metadata: { ...meta, name: 'gw', generation: 1 },
      spec: { gatewayClassName: 'c', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
    });
  }

  add(index: number): void {
    const labels = { 'kubernetes.io/service-name': `svc-${index}` };
    this.#services.set({
      metadata: { ...meta, name: `svc-${index}` },
      spec: { ports: [{ name: 'grpc', port: 9000 }] },
    });
    this.slice(index, 0, labels);
    this.change(index, 1);
  }

  slice(index: number, round: number, labels = { 'kubernetes.io/service-name': `svc-${index}` }): void {
    this.#slices.set({
      metadata: { ...meta, name: `svc-${index}-1`, labels },
      addressType: 'IPv4',
      ports: [{ name: 'grpc', port: 9000 }],
      endpoints: [{ addresses: [`10.${round & 255}.${index >> 8}.${index & 255}`] }],
    });
  }

  change(index: number, generation: number): void {
    this.#routes.set(routeObject(index, generation));
  }

  remove(index: number): void {
    this.#routes.delete(routeObject(index, 1));
  }

  /** One run of the controller; statuses come back as events. */
  reconcile(): void {
    const { gateways, statuses } = this.#translator.translate({
      objects: {
        gatewayClasses: [{ metadata: { name: 'c' }, spec: { controllerName: 'bench' } }],
        gateways: this.#gateways.list(),
        grpcRoutes: this.#routes.list(),
        services: this.#services.list(),
        endpointSlices: this.#slices.list(),
        ...{ listenerSets: [], httpRoutes: [], referenceGrants: [], secrets: [], namespaces: [] },
        ...{ backendTlsPolicies: [], configMaps: [], crds: [] },
      },
      proxies: new Map([['app/gw', { addresses: [], ready: true, rejected: [] }]]),
      controllerName: 'bench',
      now: '2026-01-02T03:04:05Z',
    });
    for (const ir of gateways.values()) this.#model.apply(this.#delta.changes(ir));
    for (const update of statuses) this.#settle(update);
  }

  #settle({ kind, name, status }: StatusUpdate): void {
    if (kind !== 'GRPCRoute' && kind !== 'Gateway') return;
    const stored = kind === 'Gateway' ? this.#gateways : this.#routes;
    const object = stored.get(`app/${name}`);
    if (object === undefined) return;
    this.written += 1;
    stored.set({ ...object, status } as never);
  }
}

function store<T extends { metadata: { name: string } }>(): ObjectStore<T & KubeObject> {
  return new ObjectStore<T & KubeObject>({ changed: () => undefined });
}

function routeObject(index: number, generation: number): GrpcRoute & KubeObject {
  return {
    metadata: { ...meta, name: `route-${index}`, generation },
    spec: {
      parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gw' }],
      hostnames: [`host-${index}.example.com`],
      rules: [
        {
          matches: [{ method: { service: 'echo.Echo', method: `M${generation}` } }],
          backendRefs: [{ group: '', kind: 'Service', name: `svc-${index}`, port: 9000, weight: 1 }],
        },
      ],
    },
  };
}

/** Mean milliseconds of CPU, of all threads: garbage collection is in it. */
function measured(bench: Bench, change: (round: number) => void): string {
  const start = process.cpuUsage();
  const [told, written] = [bench.told, bench.written];
  for (let round = 0; round < changes; round += 1) {
    change(round);
    bench.reconcile();
    bench.reconcile();
  }
  const { user, system } = process.cpuUsage(start);
  const each = (count: number): string => (count / changes).toFixed(2);
  return `${each((user + system) / 1000)} ms, ${each(bench.told - told)} resources, ${each(bench.written - written)} statuses`;
}

for (const size of sizes.length > 0 ? sizes : [10, 3000, 10_000]) {
  const bench = new Bench();
  for (let index = 0; index < size; index += 1) bench.add(index);
  const start = process.cpuUsage();
  bench.reconcile();
  bench.reconcile();
  const { user, system } = process.cpuUsage(start);
  globalThis.gc?.();
  const { heapUsed } = process.memoryUsage();
  console.log(
    `${size} routes: first ${Math.round((user + system) / 1000)} ms, heap ${Math.round(heapUsed / 1e6)} MB`,
  );
  let generation = 2;
  measured(bench, (round) => bench.change(round % size, generation++));
  const changed = measured(bench, (round) => bench.change(round % size, generation++));
  const added = measured(bench, (round) => bench.add(size + round));
  const removed = measured(bench, (round) => bench.remove(size + round));
  const moved = measured(bench, (round) => bench.slice(round % size, round + 1));
  for (const [what, figure] of Object.entries({ changed, added, removed, moved })) {
    console.log(`  one ${what === 'moved' ? 'EndpointSlice changed' : `route ${what}`}: ${figure}`);
  }
}
