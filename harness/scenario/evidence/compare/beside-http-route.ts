import { stringify } from 'yaml';
import type { KubeObject } from '../../../kube/objects.ts';
import { judge } from '../../../rpc/judge.ts';
import type { Target } from '../../../rpc/target.ts';
import type { CallRecord, Comparison, Layer } from '../../../results/run.ts';
import type { Call, Expected } from '../../../rpc/call.ts';
import { asTry, callTarget, defaultMethod } from '../../calls/call-once.ts';
import type { FailedCall, ScenarioCore } from '../../core/core.ts';
import type { RouteproofVerdict } from '../../core/verdict.ts';
import { asHttpRoute, type GrpcRoute, type HttpRoute } from './as-http-route.ts';
import { NotComparable, served, withRoute } from './serve-route.ts';

/** Fixed beforehand. */
const calls = 10;
const markerHeader = 'x-routeproof-as-http';
const ourLayers: ReadonlySet<Layer> = new Set<Layer>(['routed', 'backend']);

/**
 * The failed call through an HTTPRoute that says the same as the scenario's GRPCRoute, beside it on a hostname of its own: whether
 * the fault is one of GRPCRoutes. Undefined where the question does not arise: another layer, several routes, no HTTPRoute claimed.
 */
export async function besideHttpRoute(
  core: ScenarioCore,
  failed: FailedCall,
  { layer, verdict }: Pick<RouteproofVerdict, 'layer' | 'verdict'>,
): Promise<Comparison | undefined> {
  const [route, ...more] = [...core.applied.values()].filter(isGrpcRoute);
  const { expected } = failed;
  if (!ourLayers.has(layer) || route === undefined || more.length > 0 || expected === undefined)
    return undefined;
  if (failed.call.direct !== undefined || !core.env.supportedFeatures.has('HTTPRoute')) return undefined;
  try {
    const target = otherTarget(core, failed.target);
    const http = asHttpRoute(route, (host) => otherHost(core, host), [markerRule(core, route)]);
    mustHaveHostnames(http);
    return await withRoute(core, http, async () => {
      const isServed = await served(core, http, target, marked(core));
      // Where nothing is to answer, an HTTPRoute that is not there yet looks right.
      if (!isServed && expected.backend === null) throw new NotComparable('it is not served');
      return compared(core, { ...failed, target, expected }, { http, isFickle: verdict === 'unstable' });
    });
  } catch (error) {
    if (!(error instanceof NotComparable)) throw error;
    return { with: 'http-route', text: `the same rule as HTTPRoute: not compared, ${error.message}` };
  }
}

function isGrpcRoute(object: KubeObject): object is GrpcRoute {
  return object.kind === 'GRPCRoute';
}

/** Every name of the scenario is under its nonce; those under another one meet none of them, wildcards included. */
function otherHost(core: ScenarioCore, host: string): string {
  const { nonce } = core.names;
  const other = host.replace(new RegExp(`(^|\\.)${nonce}(?=\\.)`, 'i'), `$1${nonce}-as-http`);
  if (other === host) throw new NotComparable(`${host} has no place for a hostname of its own`);
  return other;
}

function marked(core: ScenarioCore): Call {
  return { metadata: { [markerHeader]: core.names.nonce } };
}

function otherTarget(core: ScenarioCore, target: Target): Target {
  const { address, port, authority, tls } = target;
  if (authority === undefined) throw new NotComparable('the call names no host');
  const { clientCert, clientKey } = tls ?? {};
  const client = clientCert === undefined || clientKey === undefined ? {} : { clientCert, clientKey };
  return {
    address,
    port,
    authority: otherHost(core, authority),
    ...(tls === undefined ? {} : { tls: client }),
  };
}

function mustHaveHostnames(http: HttpRoute): void {
  if (http.spec.hostnames.length === 0)
    throw new NotComparable(
      'the GRPCRoute has no hostname, so one of the two kinds would have to be refused',
    );
}

/** A rule that only marked calls take: once it is served, so are the others of the same route. */
function markerRule(core: ScenarioCore, route: GrpcRoute): Record<string, unknown> {
  const { namespace } = route.metadata ?? {};
  const backend = (core.meta.backends ?? []).find((written) => {
    const [, inNamespace = ''] = written.split('/').reverse();
    return core.names.namespace(inNamespace) === namespace;
  });
  if (backend === undefined) throw new NotComparable('no backend would tell when it is served');
  return {
    matches: [
      {
        path: { type: 'Exact', value: `/${defaultMethod}` },
        method: 'POST',
        headers: [{ name: markerHeader, value: core.names.nonce }],
      },
    ],
    backendRefs: [{ name: backend.split('/').at(-1), port: 9000 }],
  };
}

async function compared(
  core: ScenarioCore,
  { call, target, expected }: FailedCall & { expected: Expected },
  { http, isFickle }: { http: HttpRoute; isFickle: boolean },
): Promise<Comparison> {
  let good = 0;
  let shown: { record: CallRecord; seen: string; ok: boolean } | undefined;
  for (let made = 0; made < calls; made += 1) {
    const result = await callTarget(core, asTry(call), target, () => true);
    const { ok, seen } = judge(result, expected);
    if (ok) good += 1;
    if (shown === undefined || (shown.ok && !ok)) shown = { record: result.record, seen, ok };
  }
  const meaning = meaningOf(good, isFickle);
  return {
    with: 'http-route',
    // Ten good calls prove nothing about a fault that comes and goes.
    ...(isFickle && good === calls ? {} : { ok: good === calls }),
    text: `the same rule as HTTPRoute: ${shown?.seen ?? ''}, as expected in ${String(good)} of ${String(calls)} calls: ${meaning}`,
    ...(shown === undefined ? {} : { call: shown.record }),
    manifest: stringify(http),
  };
}

function meaningOf(good: number, isFickle: boolean): string {
  if (good < calls) return 'not a fault of GRPCRoutes alone';
  return isFickle ? 'too few to tell of a fault that comes and goes' : 'only the GRPCRoute goes wrong';
}
