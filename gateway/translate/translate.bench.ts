/**
 * Milliseconds of CPU (and of time, which a busy machine stretches) of one translate() with one change among many routes, each with a host and a Service of its own:
 * `node gateway/translate/translate.bench.ts [ROUTES] [CHANGES]`.
 */
import { performance } from 'node:perf_hooks';
import type { EndpointSlice, GrpcRoute, Service } from './model/gateway-api.ts';
import { Translator } from './translator.ts';
import type { Objects, ProxyState, TranslateInput, Translation } from './model/types.ts';

const routes = Number(process.argv[2] ?? 3000);
const changes = Number(process.argv[3] ?? 200);
const gatewayKey = 'app/gw';
const meta = { namespace: 'app', creationTimestamp: '2026-01-01T00:00:00Z' };
const proxies = new Map<string, ProxyState>([
  [gatewayKey, { addresses: [{ type: 'IPAddress', value: '10.97.0.1' }], ready: true, rejected: [] }],
]);

function routeObject(index: number, generation: number): GrpcRoute {
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

const service = (index: number): Service => ({
  metadata: { ...meta, name: `svc-${index}` },
  spec: { ports: [{ name: 'grpc', port: 9000 }] },
});

const slice = (index: number): EndpointSlice => ({
  metadata: { ...meta, name: `svc-${index}-1`, labels: { 'kubernetes.io/service-name': `svc-${index}` } },
  addressType: 'IPv4',
  ports: [{ name: 'grpc', port: 9000 }],
  endpoints: [{ addresses: [`10.244.${index >> 8}.${index & 255}`] }],
});

const numbers = Array.from({ length: routes }, (_, index) => index);
let objects: Objects = {
  gatewayClasses: [
    {
      metadata: { name: 'routeproof', generation: 1 },
      spec: { controllerName: 'routeproof.dev/gateway-controller' },
    },
  ],
  gateways: [
    {
      metadata: { ...meta, name: 'gw', generation: 1 },
      spec: {
        gatewayClassName: 'routeproof',
        listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
      },
    },
  ],
  grpcRoutes: numbers.map((index) => routeObject(index, 1)),
  httpRoutes: [],
  referenceGrants: [],
  services: numbers.map(service),
  endpointSlices: numbers.map(slice),
  secrets: [],
  namespaces: [],
  listenerSets: [],
  backendTlsPolicies: [],
  configMaps: [],
  crds: [],
};

const translator = new Translator();

function timed(next: Objects): { ms: number; cpuMs: number; result: Translation } {
  const input: TranslateInput = {
    objects: next,
    proxies,
    controllerName: 'routeproof.dev/gateway-controller',
    now: '2026-01-02T03:04:05Z',
  };
  const cpu = process.threadCpuUsage();
  const start = performance.now();
  const result = translator.translate(input);
  const ms = performance.now() - start;
  const { user, system } = process.threadCpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1000, result };
}

/** Takes over the statuses, as the API server's watch would bring them: a new object for each. */
function settle({ statuses }: Translation): void {
  const byName = new Map(statuses.map((update) => [`${update.kind} ${update.name}`, update.status]));
  const take = <T extends { metadata: { name: string } }>(kind: string, list: readonly T[]): T[] =>
    list.map((object) => {
      const status = byName.get(`${kind} ${object.metadata.name}`);
      return status === undefined ? object : { ...object, status };
    });
  objects = {
    ...objects,
    gatewayClasses: take('GatewayClass', objects.gatewayClasses),
    gateways: take('Gateway', objects.gateways),
    grpcRoutes: take('GRPCRoute', objects.grpcRoutes),
  };
}

function report(name: string, change: (round: number) => void): void {
  const times: number[] = [];
  const cpuTimes: number[] = [];
  for (let round = 0; round < changes; round++) {
    change(round);
    const { ms, cpuMs, result } = timed(objects);
    times.push(ms);
    cpuTimes.push(cpuMs);
    settle(result);
  }
  console.log(`${name}: CPU ${spread(cpuTimes)}; time ${spread(times)}`);
}

function spread(values: number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(2);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return `mean ${mean.toFixed(2)} p50 ${at(0.5)} p99 ${at(0.99)} max ${at(1)} ms`;
}

function withRoute(index: number, route: GrpcRoute | undefined): void {
  const grpcRoutes = objects.grpcRoutes.filter(({ metadata }) => metadata.name !== `route-${index}`);
  objects = { ...objects, grpcRoutes: route === undefined ? grpcRoutes : [...grpcRoutes, route] };
}

const first = timed(objects);
console.log(
  `${routes} routes, first run: ${first.ms.toFixed(1)} ms, ${first.result.statuses.length} statuses`,
);
settle(first.result);
const settled = timed(objects);
console.log(
  `after all statuses came back: ${settled.ms.toFixed(1)} ms, ${settled.result.statuses.length} statuses`,
);
report('nothing changed', () => undefined);
report('one route changed', (round) => {
  const index = round % routes;
  objects = {
    ...objects,
    grpcRoutes: objects.grpcRoutes.map((route, i) => (i === index ? routeObject(index, round + 2) : route)),
  };
});
report('one route added', (round) => withRoute(routes + round, routeObject(routes + round, 1)));
report('one route deleted', (round) => withRoute(routes + round, undefined));
report('one EndpointSlice changed', (round) => {
  objects = {
    ...objects,
    endpointSlices: objects.endpointSlices.map((old, i) => (i === round ? slice(round + 7) : old)),
  };
});
report('one Service changed', (round) => {
  objects = {
    ...objects,
    services: objects.services.map((old, i) => (i === round ? service(i) : old)),
  };
});
