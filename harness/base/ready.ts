import { RouteproofError, type ErrorCode } from '../../common/errors.ts';
import { objectKey } from '../../common/object-key.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Gateway, GatewayClass, KubeObject } from '../kube/objects.ts';
import type { ResourceWatch } from '../kube/watch.ts';
import type { Watches } from '../kube/watches.ts';
import { gatewayLabel } from '../proxies/pods.ts';
import type { EchoPod } from '../rpc/ledger.ts';
import { baseNamespace } from '../manifests/names.ts';
import type { Clock } from '../wait/clock.ts';
import { describeSeen, holds } from '../wait/conditions.ts';
import { untilReady } from '../wait/until.ts';
import { isReady, troubleOfSelected, type Pod } from './pod-trouble.ts';

export interface ReadyOptions {
  kube: KubeClient;
  watches: Watches;
  clock: Clock;
  signal: AbortSignal;
  limitMs: number;
}

interface Failure {
  code: ErrorCode;
  object: string;
  what: string;
  hint: string;
}

const echoDeployments = ['echo-1', 'echo-2', 'echo-3', 'echo-4'];
const echoPort = 9000;

/**
 * The class exists and its controller has accepted it.
 *
 * @param why - when it was installed by us, what keeps its controller from running; begins with a line break where there is something
 * @throws RouteproofError GATEWAYCLASS_NOT_ACCEPTED
 */
export async function classAccepted(
  name: string,
  options: ReadyOptions,
  why: () => Promise<string> = () => Promise.resolve(''),
): Promise<GatewayClass> {
  const watch = await options.watches.of('GatewayClass', undefined);
  const read = (): GatewayClass | undefined => watch.get(name) as GatewayClass | undefined;
  return wait(watch, options, read, isAccepted, async (seen) => {
    const failure: Failure = {
      code: 'GATEWAYCLASS_NOT_ACCEPTED',
      object: `GatewayClass ${name}`,
      what: `no controller accepted the class within ${seconds(options.limitMs)}`,
      hint: 'see that a controller for its controllerName runs, or name another class with --gateway-class',
    };
    const status =
      seen === undefined ? 'the class does not exist' : describeSeen(seen, seen.status?.conditions);
    return [failure, status + (await why())];
  });
}

function isAccepted(object: GatewayClass): boolean {
  return holds(object, object.status?.conditions, { type: 'Accepted', status: 'True' });
}

/**
 * The shared Gateway is Programmed and has an address.
 *
 * @param why - as for `classAccepted`: proxies may be elsewhere than their Gateway
 * @throws RouteproofError GATEWAY_NO_ADDRESS
 */
export async function sharedGatewayReady(
  options: ReadyOptions,
  namespace = baseNamespace,
  why: () => Promise<string> = () => troubleOfSelected(options.kube, namespace, { [gatewayLabel]: 'shared' }),
): Promise<Gateway> {
  const key = objectKey(namespace, 'shared');
  const watch = await options.watches.of('Gateway', undefined);
  const read = (): Gateway | undefined => watch.get(key) as Gateway | undefined;
  const ready = (gateway: Gateway): boolean =>
    holds(gateway, gateway.status?.conditions, { type: 'Programmed', status: 'True' }) &&
    (gateway.status?.addresses?.length ?? 0) > 0;
  return wait(watch, options, read, ready, async (seen) => {
    const failure: Failure = {
      code: 'GATEWAY_NO_ADDRESS',
      object: `Gateway ${key}`,
      what: `it was not Programmed with an address within ${seconds(options.limitMs)}`,
      hint: 'see the events of its Service and the log of the gateway controller; a LoadBalancer has to give it an address',
    };
    if (seen === undefined) return [failure, 'the Gateway does not exist'];
    return [failure, describeGateway(seen) + (await why())];
  });
}

function describeGateway(gateway: Gateway): string {
  const addresses = (gateway.status?.addresses ?? []).map(({ value }) => value).join(', ');
  return `addresses: ${addresses === '' ? 'none' : addresses}; ${describeSeen(gateway, gateway.status?.conditions)}`;
}

/**
 * One ready pod of each shared echo Deployment.
 *
 * @throws RouteproofError BACKEND_NOT_READY
 */
export async function echoPodsReady(options: ReadyOptions): Promise<EchoPod[]> {
  const watch = await options.watches.of('Pod', baseNamespace);
  return Promise.all(echoDeployments.map((deployment) => echoPodReady(watch, deployment, options)));
}

async function echoPodReady(
  watch: ResourceWatch,
  deployment: string,
  options: ReadyOptions,
): Promise<EchoPod> {
  const candidates = (): Pod[] =>
    [...watch.all()].filter(
      ({ metadata }) => metadata?.labels?.['app'] === deployment && metadata.deletionTimestamp === undefined,
    ) as Pod[];
  const read = (): Pod | undefined => candidates().find(isReady) ?? candidates()[0];
  const pod = await wait(watch, options, read, isReady, async () => {
    const failure: Failure = {
      code: 'BACKEND_NOT_READY',
      object: `Deployment ${baseNamespace}/${deployment}`,
      what: `no pod of it was ready within ${seconds(options.limitMs)}`,
      hint: `see that the nodes can pull its image (--echo-image names another), and: kubectl describe pods --namespace ${baseNamespace} --selector app=${deployment}`,
    };
    return [failure, (await troubleOfSelected(options.kube, baseNamespace, { app: deployment })).trimStart()];
  });
  return { deployment, pod: pod.metadata?.name ?? '', address: pod.status?.podIP ?? '', port: echoPort };
}

async function wait<T extends KubeObject>(
  watch: ResourceWatch,
  options: ReadyOptions,
  read: () => T | undefined,
  ready: (object: T) => boolean,
  failed: (seen: T | undefined) => Promise<[Failure, string]>,
): Promise<T> {
  const { limitMs, clock, signal } = options;
  const outcome = await untilReady(
    { current: read, listen: (changed) => watch.listen(changed) },
    (object) => object !== undefined && ready(object as T),
    { limitMs, graceMs: 0, clock, signal },
  );
  const object = outcome.object as T | undefined;
  if (outcome.verdict !== 'wrong' && object !== undefined) return object;
  const [{ code, what, ...details }, seen] = await failed(object);
  throw new RouteproofError(code, what, { ...details, seen });
}

function seconds(ms: number): string {
  return `${String(Math.round(ms / 100) / 10)} s`;
}
