import { given } from '../../../common/given.ts';
import { keyOf, objectKey } from '../../../common/object-key.ts';
import { echoBackend } from '../../base/echo-backend.ts';
import type { Gateway, GatewayListener, Route } from '../../kube/objects.ts';
import { holds, parentsBy } from '../../wait/conditions.ts';
import { probeUntilStable } from '../../wait/probe.ts';
import { judge } from '../../rpc/judge.ts';
import type { Judgement } from '../../rpc/judge.ts';
import { asTry, callOnce } from './call-once.ts';
import { defaultGateway, sharedGateway } from './call-target.ts';
import type { Ref } from '../../specs/api.ts';
import type { Call } from '../../rpc/call.ts';
import type { ScenarioCore } from '../core/core.ts';
import { gatewayRef, waitFor } from '../objects/status.ts';
import { RouteproofVerdict } from '../core/verdict.ts';
import { ensureNamespace } from '../core/namespaces.ts';

export interface BarrierOptions {
  gateway?: string;
  listener?: string;
  port?: number;
  tls?: boolean;
  host?: string;
}

const markerHeader = 'x-routeproof-barrier';
const signatureHeader = 'x-routeproof-barrier-route';
const backendPort = 9000;

/**
 * Serves a new marker route through the same Gateway listener and waits until it answers. Implementations apply changes of one
 * listener in order, so that everything written before has arrived too.
 */
export async function barrier(core: ScenarioCore, options: BarrierOptions = {}): Promise<void> {
  const { watches } = core.env;
  const written = options.gateway ?? (core.gateways().length === 1 ? defaultGateway(core) : sharedGateway);
  const ref = gatewayRef(written);
  const key = objectKey(core.names.namespace(ref.namespace), ref.name);
  const gateway = (await watches.of('Gateway', undefined)).get(key) as Gateway | undefined;
  const listener = pickListener(gateway, options);
  const namespace = key.split('/')[0] ?? '';
  const tls = options.tls ?? listener?.protocol === 'HTTPS';
  const place: MarkerPlace = {
    gateway: written,
    ref,
    key,
    namespace,
    listener,
    backend: await markerBackend(core, namespace),
    options: {
      ...(options.port === undefined && listener === undefined
        ? {}
        : { port: options.port ?? listener?.port ?? 80 }),
      ...(tls ? { tls: true } : {}),
    },
    ...given({ host: options.host }),
  };
  await serveMarker(core, place, { signed: false });
  // A route for every host takes the marker's calls too. Then only what the marker's own route adds tells that it is there.
  const other = await callOnce(core, asTry(markerCall(core, place, nextMarker(core))), false);
  if (other.status === 0) await serveMarker(core, place, { signed: true });
}

interface MarkerPlace {
  /** As scenarios write it, and what it stands for. */
  gateway: string;
  ref: Ref;
  key: string;
  namespace: string;
  listener: GatewayListener | undefined;
  backend: string;
  options: Pick<Call, 'port' | 'tls'>;
  host?: string;
}

/** The call that the route of that marker takes. */
function markerCall(core: ScenarioCore, place: MarkerPlace, marker: string): Call & { host: string } {
  const { gateway, listener, options, host = hostFor(core, listener, marker) } = place;
  return { gateway, host, metadata: { [markerHeader]: marker }, ...options };
}

/** Creates a marker route, waits until it answers, and removes it. */
async function serveMarker(
  core: ScenarioCore,
  place: MarkerPlace,
  { signed }: { signed: boolean },
): Promise<void> {
  const { limits, clock, kube } = core.env;
  const { ref, key, namespace, listener, backend } = place;
  const marker = nextMarker(core);
  const call = markerCall(core, place, marker);
  const route = markerRoute({
    marker,
    namespace,
    gateway: ref.name,
    listener,
    host: core.names.host(call.host),
    backend,
    signed,
  });
  const created = await kube.create(route);
  try {
    const outcome = await probeUntilStable(
      async () => {
        const result = await callOnce(core, asTry(call), signed);
        const judged = judge(result, {});
        const isAnothers = signed && judged.ok && result.received.get(signatureHeader)?.[0] !== marker;
        return { ...judged, ...(isAnothers ? anothers(judged.seen) : {}), result };
      },
      { limitMs: limits.servedMs, graceMs: 0, clock, signal: core.signal },
    );
    core.timeline.add({
      kind: 'step',
      object: `Gateway ${key}`,
      text: `barrier: marker route ${keyOf(created)} ${outcome.verdict === 'pass' ? 'is served' : `is not served: ${outcome.last.seen}`}`,
      ok: outcome.verdict === 'pass',
    });
    if (outcome.verdict !== 'pass') {
      throw new RouteproofVerdict(outcome.verdict === 'slow' ? 'slow' : 'wrong', {
        layer: outcome.last.layer,
        expected: `a new route on Gateway ${key} is served within ${String(Math.round(limits.servedMs))} ms`,
        seen: outcome.lastBad?.seen ?? outcome.last.seen,
      });
    }
  } finally {
    await removeMarker(core, route);
  }
}

/** Waits until the controller has looked at a route written after everything else, so that a missing status means something. */
export async function statusBarrier(core: ScenarioCore): Promise<void> {
  const { baseNamespace } = core.env;
  const marker = nextMarker(core);
  const backend = await markerBackend(core, baseNamespace);
  const route = markerRoute({
    marker,
    namespace: baseNamespace,
    gateway: 'shared',
    listener: undefined,
    host: core.names.host(`${marker}.example.com`),
    backend,
  });
  core.wrote(await core.env.kube.create(route));
  try {
    await waitFor<Route>(core, {
      ref: { kind: 'GRPCRoute', name: marker, namespace: baseNamespace },
      what: 'a route written later is Accepted',
      ready: (object) =>
        parentsBy(object, core.env.controllerName).some((parent) =>
          holds(object, parent.conditions, { type: 'Accepted', status: 'True' }),
        ),
      layer: 'status',
      limitMs: core.env.limits.statusMs,
      seen: (object) => JSON.stringify(object.status ?? {}),
    });
  } finally {
    await removeMarker(core, route);
  }
}

let markers = 0;

/** Unique in the run: the marker's names and the value of its header. */
function nextMarker(core: ScenarioCore): string {
  markers += 1;
  return `rp-marker-${core.names.nonce}-${String(markers)}`;
}

function pickListener(gateway: Gateway | undefined, options: BarrierOptions): GatewayListener | undefined {
  const listeners = gateway?.spec?.listeners ?? [];
  if (options.listener !== undefined) return listeners.find((listener) => listener.name === options.listener);
  const port = options.port ?? (options.tls === true ? 443 : undefined);
  const protocol = options.tls === true ? 'HTTPS' : 'HTTP';
  return (
    listeners.find((listener) =>
      port === undefined ? listener.protocol === protocol : listener.port === port,
    ) ?? listeners[0]
  );
}

/** A new host where the listener leaves room for one; its only host otherwise, told apart by the marker's header. */
function hostFor(core: ScenarioCore, listener: GatewayListener | undefined, marker: string): string {
  const hostname = listener?.hostname;
  if (hostname === undefined || hostname === '') return core.names.host(`${marker}.example.com`);
  if (hostname === '*.example.com') return core.names.host(`${marker}.example.com`);
  return hostname.startsWith('*.') ? `${marker}.${hostname.slice(2)}` : hostname;
}

/** A Service in the Gateway's namespace, so that the marker needs no ReferenceGrant: an echo server of the base, or one like it. */
async function markerBackend(core: ScenarioCore, namespace: string): Promise<string> {
  if (namespace === core.env.baseNamespace) return 'echo-1';
  await ensureNamespace(core, namespace);
  const pod = core.env.echoPods[0];
  const name = 'rp-marker';
  for (const object of echoBackend(pod?.address ?? '', { name, namespace }))
    await core.env.kube.apply(object);
  return name;
}

function markerRoute(of: {
  marker: string;
  namespace: string;
  gateway: string;
  listener: GatewayListener | undefined;
  host: string;
  backend: string;
  /** Has the route add a header to its calls. */
  signed?: boolean;
}): Route {
  // On the shared Gateway it attaches as most scenarios' routes do. Contour v1.33.8 has no host for a route of listener `http` by name, because
  // the hostname of `https`, on another port, covers it too: that is a finding of the scenarios about it, and must not fail the others.
  const names = of.listener !== undefined && !isShared(of);
  const parent = {
    name: of.gateway,
    namespace: of.namespace,
    ...(names ? { sectionName: of.listener?.name ?? '' } : {}),
  };
  const spec = {
    parentRefs: [parent],
    hostnames: [of.host],
    rules: [
      {
        matches: [
          {
            method: { service: 'routeproof.v1.Probe', method: 'Unary' },
            headers: [{ name: markerHeader, value: of.marker }],
          },
        ],
        ...(of.signed === true ? { filters: [signature(of.marker)] } : {}),
        backendRefs: [{ name: of.backend, port: backendPort }],
      },
    ],
  };
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { name: of.marker, namespace: of.namespace },
    spec,
  };
}

function signature(marker: string): object {
  return {
    type: 'RequestHeaderModifier',
    requestHeaderModifier: { set: [{ name: signatureHeader, value: marker }] },
  };
}

function anothers(seen: string): Partial<Judgement> {
  return {
    ok: false,
    seen: `${seen}, by another route that takes every call, or without the header that the marker's route sets`,
    layer: 'routed',
  };
}

function isShared({ gateway, namespace }: { gateway: string; namespace: string }): boolean {
  return `${namespace}/${gateway}` === sharedGateway;
}

async function removeMarker(core: ScenarioCore, route: Route): Promise<void> {
  const info = await core.env.kube.kindInfo('GRPCRoute');
  await core.env.kube.delete(info, route.metadata?.namespace, route.metadata?.name ?? '');
}
