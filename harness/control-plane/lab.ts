import { messageOf, RouteproofError } from '../../common/errors.ts';
import { objectKey } from '../../common/object-key.ts';
import { echoBackend } from '../base/echo-backend.ts';
import type { Gateway, KubeObject } from '../kube/objects.ts';
import type { ControlPlaneFigure } from '../results/control-plane.ts';
import type { RunEnv } from '../env/run-env.ts';
import { newNonce } from '../manifests/names.ts';
import { dialName } from '../rpc/target.ts';
import { holds } from '../wait/conditions.ts';
import { untilReady } from '../wait/until.ts';
import { Connections } from './connections.ts';
import { routeObject, type RouteSpec } from './routes.ts';

/** Where one subject measures: a namespace with a Gateway of its own and two backends, `a` and `b`. */
export interface Lab {
  env: RunEnv;
  nonce: string;
  namespace: string;
  gateway: { namespace: string; name: string };
  /** Of the Gateway. */
  address: string;
  signal: AbortSignal;
  progress: (line: string) => void;
  /** What is measured so far: it stays when the subject fails later. */
  figures: ControlPlaneFigure[];
  /** The namespace of route number `index`. */
  placeOf: (index: number | string) => string;
  /** The same lab with its numbered routes in turn over as many further namespaces, each with a backend `a` of its own. */
  spread: (namespaces: number) => Promise<Lab>;
}

export interface LabOptions {
  subject: string;
  signal: AbortSignal;
  progress: (line: string) => void;
}

export const gatewayPort = 80;

/** @throws RouteproofError GATEWAY_NO_ADDRESS - its Gateway does not come up */
export async function openLab(env: RunEnv, { subject, signal, progress }: LabOptions): Promise<Lab> {
  const nonce = newNonce();
  const namespace = `rp-load-${subject}-${nonce}`;
  await createNamespace(env, namespace);
  await Promise.all([createBackend(env, namespace, 'a', 0), createBackend(env, namespace, 'b', 1)]);
  // Its own name: the proxy of an earlier subject may still be on its way out, in whatever namespace.
  const gateway = { namespace, name: `bench-${nonce}` };
  await env.kube.create(gatewayObject(env, gateway));
  const address = await gatewayProgrammed(env, gateway, signal);
  const lab: Lab = {
    env,
    nonce,
    namespace,
    gateway,
    address,
    signal,
    progress,
    figures: [],
    placeOf: () => namespace,
    spread: (count) => spreadOver(lab, count),
  };
  return lab;
}

const furtherPlaces = new Map<string, string[]>();

async function spreadOver(lab: Lab, count: number): Promise<Lab> {
  const places = Array.from({ length: count }, (_, n) => `${lab.namespace}-${n}`);
  for (const place of places) {
    await createNamespace(lab.env, place);
    await createBackend(lab.env, place, 'a', 0);
  }
  furtherPlaces.set(lab.namespace, places);
  return { ...lab, placeOf: (index) => places[Number(index) % count] ?? lab.namespace };
}

/** Takes away what it has made: Gateways first, whose proxies are others' work. */
export async function closeLab({ env, namespace, gateway }: Lab): Promise<void> {
  if (env.keep) return;
  const { kube } = env;
  await kube.delete(await kube.kindInfo('Gateway'), namespace, gateway.name);
  for (const name of [namespace, ...(furtherPlaces.get(namespace) ?? [])])
    await kube.delete(await kube.kindInfo('Namespace'), undefined, name);
  furtherPlaces.delete(namespace);
  env.watches.release(namespace);
}

async function createNamespace(env: RunEnv, name: string): Promise<void> {
  const labels = { 'routeproof.dev/run': env.runId };
  await env.kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}

export function gatewayObject(
  env: RunEnv,
  { namespace, name }: { namespace: string; name: string },
  ports: readonly number[] = [gatewayPort],
): KubeObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { namespace, name },
    spec: {
      gatewayClassName: env.gatewayClass,
      listeners: ports.map((port) => ({
        name: `http-${port}`,
        protocol: 'HTTP',
        port,
        allowedRoutes: { namespaces: { from: 'All' } },
      })),
    },
  };
}

/** @returns its first address @throws RouteproofError GATEWAY_NO_ADDRESS - not programmed within the limit */
export async function gatewayProgrammed(
  env: RunEnv,
  { namespace, name }: { namespace: string; name: string },
  signal: AbortSignal,
): Promise<string> {
  const watch = await env.watches.of('Gateway', namespace);
  const key = objectKey(namespace, name);
  const addressOf = (object: KubeObject | undefined): string | undefined => {
    const { status } = (object ?? {}) as Gateway;
    const wanted = { type: 'Programmed', status: 'True' } as const;
    if (object === undefined || !holds(object, status?.conditions, wanted)) return undefined;
    return status?.addresses?.[0]?.value;
  };
  const outcome = await untilReady(
    { current: () => watch.get(key), listen: (changed) => watch.listen(changed) },
    (object) => addressOf(object) !== undefined,
    { limitMs: env.limits.gatewayMs, graceMs: 0, clock: env.clock, signal },
  );
  const address = addressOf(outcome.object);
  if (address !== undefined) return address;
  throw new RouteproofError('GATEWAY_NO_ADDRESS', 'the Gateway of the benchmark was not programmed', {
    object: `Gateway ${key}`,
    seen: JSON.stringify((outcome.object as Gateway | undefined)?.status ?? 'no such object'),
    hint: 'see that `routeproof conformance --suite gateway` passes first',
  });
}

/** A Service whose endpoints are one of the shared echo pods. */
async function createBackend(env: RunEnv, namespace: string, name: string, index: number): Promise<void> {
  const pod = env.echoPods[index];
  if (pod === undefined) throw new Error('there are too few shared echo pods');
  for (const object of echoBackend(pod.address, { name, namespace })) await env.kube.create(object);
}

/** A Service may take a moment longer to be reached than its Gateway to be Programmed. @throws RouteproofError LOAD_FAILED */
export function openConnections(lab: Lab, count = 4): Promise<Connections> {
  return untilConnected(lab, { address: lab.address, port: gatewayPort }, count);
}

/** As openConnections, to any address. @throws RouteproofError LOAD_FAILED */
export async function untilConnected(
  { env, signal }: Pick<Lab, 'env' | 'signal'>,
  target: { address: string; port: number },
  count: number,
): Promise<Connections> {
  const startedMs = env.clock.now();
  for (;;) {
    try {
      return await Connections.open(target, count);
    } catch (error) {
      signal.throwIfAborted();
      if (env.clock.now() - startedMs > env.limits.servedMs)
        throw new RouteproofError('LOAD_FAILED', 'no connection to the proxy of the benchmark', {
          object: dialName(target),
          seen: messageOf(error),
          hint: 'see that the pods of its proxy run and listen there: kubectl describe gateway, and their logs',
          cause: error,
        });
      await env.clock.sleep(50, signal);
    }
  }
}

/** The hostname of the subject's route number `index`. */
export function hostOf({ nonce }: Lab, index: number | string): string {
  return `r-${index}.${nonce}.example.com`;
}

/** Route number `index`, as it is first written. */
export function routeOf(lab: Lab, index: number | string, more: Partial<RouteSpec> = {}): KubeObject {
  const { gateway } = lab;
  const namespace = lab.placeOf(index);
  const name = `r-${index}`;
  return routeObject({ namespace, name, hostname: hostOf(lab, index), mark: 'first', gateway, ...more });
}
