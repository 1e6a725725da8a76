import { RouteproofError } from '../../common/errors.ts';
import { isReady, troubleOfSelected, type Pod } from '../base/pod-trouble.ts';
import { selfSigned } from '../base/certificate.ts';
import { untilConnected } from '../control-plane/lab.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { RunEnv } from '../env/run-env.ts';
import { untilReady } from '../wait/until.ts';
import { floorConfig, floorPorts } from './floor-config.ts';

/** The lean Envoy in front of the backend. */
export interface Floor {
  /** Of its Service, as the gateway is reached through one. */
  address: string;
  podAddress: string;
  image: string;
  /** From nothing until it answers. */
  tookMs: number;
}

export interface FloorOptions {
  namespace: string;
  backend: { address: string; port: number };
  /** The shared Gateway's proxies, whose Envoy is taken. */
  proxies: readonly Pod[];
  /** Whether it listens with TLS too. */
  tls: boolean;
  /** Whether it can be dialled from here. Pods can in any case; it listens before they run. */
  dialled: boolean;
  signal: AbortSignal;
}

/** Where an implementation's proxy is no Envoy. */
const ownImage = 'docker.io/envoyproxy/envoy:v1.40.0';
const name = 'floor';
const labels = { app: 'routeproof-load-floor' };

/**
 * Starts an Envoy with the leanest configuration that serves the backend, in `namespace`, with which it goes again.
 *
 * @throws RouteproofError LOAD_FAILED - its pod does not become ready, or does not answer
 */
export async function startFloor(env: RunEnv, options: FloorOptions): Promise<Floor> {
  const { namespace, backend, signal } = options;
  const startedMs = env.clock.now();
  const image = envoyImageOf(options.proxies) ?? ownImage;
  const config = floorConfig(backend, options.tls ? await selfSigned(['*.example.com']) : undefined);
  for (const object of floorObjects(namespace, image, config)) await env.kube.create(object);
  const watch = await env.watches.of('Pod', namespace);
  const key = `${namespace}/${name}`;
  const outcome = await untilReady(
    { current: () => watch.get(key), listen: (changed) => watch.listen(changed) },
    (object) => object !== undefined && isReady(object as Pod),
    { limitMs: env.limits.gatewayMs, graceMs: 0, clock: env.clock, signal },
  );
  const pod = outcome.object as Pod | undefined;
  const podAddress = pod?.status?.podIP;
  if (pod === undefined || podAddress === undefined || !isReady(pod)) {
    throw new RouteproofError(
      'LOAD_FAILED',
      'the lean Envoy to compare the gateway with did not become ready',
      {
        object: `Pod ${key}`,
        seen: `image ${image}${await troubleOfSelected(env.kube, namespace, labels)}`,
        hint: 'see that the cluster can run that image',
      },
    );
  }
  const address = await serviceAddress(env, namespace);
  if (options.dialled) {
    const connections = await untilConnected({ env, signal }, { address, port: floorPorts.h2c }, 1);
    connections.close();
  }
  return { address, podAddress, image, tookMs: Math.round(env.clock.now() - startedMs) };
}

/** The image of the container that is an Envoy, of the pods of a Gateway's proxy; undefined where none is. */
export function envoyImageOf(pods: readonly Pod[]): string | undefined {
  const images = pods
    .flatMap(({ spec }) => (spec as PodSpec | undefined)?.containers ?? [])
    .map(({ image }) => image);
  // envoyproxy/envoy, also under another registry; not envoyproxy/gateway, whose helper stands beside it.
  return images.find((image) => /(^|\/)envoy(@|:|$)/.test(image ?? ''));
}

interface PodSpec {
  containers?: { image?: string }[];
}

async function serviceAddress(env: RunEnv, namespace: string): Promise<string> {
  const service = await env.kube.get<KubeObject & { spec?: { clusterIP?: string } }>(
    await env.kube.kindInfo('Service'),
    namespace,
    name,
  );
  return service.spec?.clusterIP ?? '';
}

function floorObjects(namespace: string, image: string, config: string): KubeObject[] {
  const metadata = { name, namespace };
  const configMap: object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'envoy.yaml': config } };
  const service: object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      selector: labels,
      ports: Object.entries(floorPorts).map(([portName, port]) => ({
        name: portName,
        port,
        targetPort: port,
      })),
    },
  };
  const pod: object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, labels },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: 'envoy',
          image,
          // As the gateway runs its own.
          args: ['-c', '/etc/envoy/envoy.yaml', '--disable-hot-restart', '--log-level', 'warn'],
          volumeMounts: [{ name: 'config', mountPath: '/etc/envoy', readOnly: true }],
        },
      ],
      volumes: [{ name: 'config', configMap: { name } }],
    },
  };
  return [configMap, service, pod] as KubeObject[];
}
