import { issuedByIntermediate } from '../base/certificate-chain.ts';
import { lifetime, pastLifetime, selfSigned, tlsSecretOf } from '../base/certificate.ts';
import type { Certificate } from '../base/certificate.ts';
import { isAssertion } from '../rpc/judge.ts';
import { holdConnection } from '../rpc/held-connection.ts';
import { rawExchange, type RawTarget } from '../rpc/raw.ts';
import { dialled } from '../reach/reach.ts';
import { dialName } from '../rpc/target.ts';
import { parentsBy } from '../wait/conditions.ts';
import type { KubeObject, Route } from '../kube/objects.ts';
import type { Layer } from '../results/run.ts';
import type { CertificateKind, RouteOptions, Scenario } from '../specs/api.ts';
import type { HeldConnection, RawCall, RawResult } from '../rpc/call.ts';
import { clauseHolds } from '../env/run-rules.ts';
import { askUntil } from './calls/ask-until.ts';
import { barrier, statusBarrier } from './calls/barrier.ts';
import { defaultGateway } from './calls/call-target.ts';
import * as calls from './calls/calls.ts';
import { grpcurl, kubectl } from './calls/commands.ts';
import type { ScenarioCore } from './core/core.ts';
import * as objects from './objects/objects.ts';
import { overTls } from './objects/profile-fit.ts';
import * as status from './objects/status.ts';
import { implied } from './core/implied.ts';
import { removeObject } from './objects/remove.ts';
import { openStream } from './calls/streams.ts';
import { seenBy } from './calls/who-answered.ts';
import { replaceController } from './objects/replace-controller.ts';
import { withCrd } from './objects/with-crd.ts';
import { describeRaw } from './calls/raw-again.ts';
import { RouteproofVerdict } from './core/verdict.ts';

/**
 * What a scenario's body sees: each function of the API, bound to this scenario. Once the scenario has its verdict they never
 * return: a loop that the body left running stands still, instead of calling on or throwing where nobody listens.
 */
export function contextOf(core: ScenarioCore): Scenario {
  return onLeash(core, unleashed(core));
}

function onLeash(core: ScenarioCore, scenario: Scenario): Scenario {
  const never = new Promise<never>(() => undefined);
  const leash = (value: unknown): unknown => {
    if (typeof value !== 'function') return value;
    return (...args: unknown[]): unknown => {
      if (core.ended) return never;
      const result: unknown = (value as (...args: unknown[]) => unknown)(...args);
      if (!(result instanceof Promise)) return result;
      return result.then(
        (settled: unknown) => (core.ended ? never : settled),
        (error: unknown) => (core.ended ? never : Promise.reject(error as Error)),
      );
    };
  };
  const entries = Object.entries(scenario).map(([name, value]): [string, unknown] => [name, leash(value)]);
  return Object.fromEntries(entries) as unknown as Scenario;
}

function unleashed(core: ScenarioCore): Scenario {
  const { names, env } = core;
  const asserting = <T>(result: Promise<T>): Promise<T> => {
    core.asserted();
    return result;
  };
  const done = async (result: Promise<unknown>): Promise<void> => {
    core.asserted();
    await result;
  };
  return {
    nonce: names.nonce,
    namespace: (written) => names.namespace(written),
    host: (written) => names.host(written),
    controllerName: env.controllerName,
    gatewayClass: env.gatewayClass,
    supportedFeatures: env.supportedFeatures,
    backendCa: env.backendCa,
    crdRelease: env.crdRelease,

    apply: (file) => objects.applyFile(core, file),
    applyObjects: (...written) => objects.applyObjects(core, written),
    update: (ref, edit) => objects.updateObject(core, ref, edit),
    remove: (ref) => removeObject(core, ref),
    get: (ref) => objects.getObject(core, ref),
    rejection: (object) => objects.rejectionOf(core, object),
    withCrd: (change, body) => withCrd(core, change, body),
    replaceController: (whileGone) => replaceController(core, whileGone),
    statusRejection: (ref, status) => objects.statusRejectionOf(core, ref, status),
    until: (ref, what, ready, layer) => asserting(status.until(core, ref, what, ready, layer)),
    askUntil: (question) => asserting(askUntil(core, question)),

    gatewayMustBeProgrammed: (gateway = defaultGateway(core)) =>
      asserting(status.gatewayProgrammed(core, gateway)),
    routeMustBeAccepted: (route, options) => done(status.routeAccepted(core, route, options)),
    routeMustHaveCondition: (route, condition, options) =>
      done(status.routeCondition(core, route, condition, options)),
    routeMustHaveNoParent: (route, options) => done(routeHasNoParent(core, route, options)),
    gatewayMustHaveCondition: (gateway, condition) => done(status.gatewayCondition(core, gateway, condition)),
    listenerMustHaveCondition: (gateway, listener, condition) =>
      done(status.listenerCondition(core, gateway, listener, condition)),
    listenerMustHaveAttachedRoutes: (gateway, listener, count) =>
      done(status.attachedRoutes(core, gateway, listener, count)),

    barrier: (options) => barrier(core, options),

    call: (wanted) => calls.call(core, wanted),
    callMust: (wanted, expected) => asserting(calls.callMust(core, wanted, expected)),
    callMustAlways: (wanted, expected, times) =>
      asserting(calls.callMustAlways(core, wanted, expected, times)),
    distribution: (wanted, times, concurrency) => calls.distribution(core, wanted, times, concurrency),
    seenBy: (backend, nonce, options) => seenBy(core, backend, nonce, options?.atLeast),
    raw: (wanted) => raw(core, wanted),
    hold: (wanted) => hold(core, wanted),
    grpcurl: (args) => grpcurl(core, args),
    kubectl: (args, stdin) => kubectl(core, args, stdin),
    openStream: (wanted) => openStream(core, wanted),
    tlsSecret: (ref, dnsNames, kind) => tlsSecret(core, ref, dnsNames, kind),

    check: (text, body, layer) => check(core, text, body, layer),
    implied: (clauses, body) => implied(core, clauses, body),
    holds: (clause) => clauseHolds(env.rules, clause),
    note: (text) => {
      core.notes.push(text);
      core.timeline.add({ kind: 'step', text: `note: ${text}` });
    },
  };
}

async function check(
  core: ScenarioCore,
  text: string,
  body: () => unknown,
  layer: Layer = core.lastLayer,
): Promise<void> {
  core.asserted();
  try {
    await body();
    core.timeline.add({ kind: 'check', text, ok: true });
  } catch (error) {
    core.timeline.add({ kind: 'check', text, ok: false });
    if (!isAssertion(error)) throw error;
    throw new RouteproofVerdict('wrong', { layer, expected: text, seen: error.message, cause: error });
  }
}

/** A route written later has its verdict first, so that none here is no delay; one that goes away may take its time. */
async function routeHasNoParent(
  core: ScenarioCore,
  route: string,
  options: RouteOptions = {},
): Promise<void> {
  await statusBarrier(core);
  const parent = options.parent === undefined ? undefined : status.realParent(core, options.parent);
  const parents = (object: Route) => parentsBy(object, core.env.controllerName, parent);
  await status.waitFor<Route>(core, {
    ref: status.routeRef(route, options),
    what: `no status by ${core.env.controllerName}`,
    ready: (object) => parents(object).length === 0,
    layer: 'status',
    limitMs: core.env.limits.statusMs,
    seen: (object) => JSON.stringify(parents(object)),
  });
}

async function rawTarget(core: ScenarioCore, wanted: RawCall): Promise<{ target: RawTarget; call: RawCall }> {
  const address = await status.gatewayAddress(core, wanted.gateway ?? defaultGateway(core));
  const port = wanted.port ?? (wanted.tls === undefined ? 80 : 443);
  const authority = wanted.host === undefined ? dialName({ address, port }) : core.names.host(wanted.host);
  const wantedTls = wanted.tls ?? (overTls(core) ? {} : undefined);
  const serverName = wantedTls?.serverName;
  const tls =
    wantedTls === undefined
      ? {}
      : {
          tls: {
            ...wantedTls,
            ...(serverName === undefined ? {} : { serverName: core.names.host(serverName) }),
          },
        };
  const dial = await dialled(core.env.reach, { address, port }, 'gateway');
  return { target: { address, port, ...dial, authority }, call: { ...wanted, ...tls } };
}

async function hold(core: ScenarioCore, wanted: RawCall): Promise<HeldConnection> {
  const { target, call } = await rawTarget(core, wanted);
  const { connection, close } = await holdConnection(target, call);
  core.signal.addEventListener('abort', close, { once: true });
  core.lastLayer = 'http2';
  const object = `held ${wanted.host ?? dialName(target)}${wanted.path}`;
  core.timeline.add({ kind: 'probe', object, text: `connected to ${dialName(target)}` });
  const named = ({ host, ...rest }: NonNullable<Parameters<HeldConnection['ask']>[0]> = {}) =>
    connection.ask({ ...rest, ...(host !== undefined && { host: core.names.host(host) }) });
  return {
    ask: named,
    get isOpen() {
      return connection.isOpen;
    },
    get isLeaving() {
      return connection.isLeaving;
    },
  };
}

async function raw(core: ScenarioCore, wanted: RawCall): Promise<RawResult> {
  const { target, call } = await rawTarget(core, wanted);
  const result = await rawExchange(target, call);
  core.lastLayer = result.reached;
  core.timeline.add({
    kind: 'probe',
    object: `raw ${wanted.host ?? dialName(target)}${wanted.path}`,
    text: describeRaw(result),
  });
  return result;
}

async function tlsSecret(
  core: ScenarioCore,
  ref: { name: string; namespace?: string },
  dnsNames: string[],
  kind: CertificateKind = 'ecdsa',
): Promise<string> {
  const names = dnsNames.map((name) => core.names.host(name));
  const { certificate, caPem } = await certificateOf(kind, names);
  const secret: KubeObject = tlsSecretOf(certificate, ref);
  await objects.applyObjects(core, [secret]);
  return caPem;
}

async function certificateOf(
  kind: CertificateKind,
  names: string[],
): Promise<{ certificate: Certificate; caPem: string }> {
  if (kind === 'chain' || kind === 'expired') {
    const lasting = kind === 'chain' ? lifetime() : pastLifetime();
    const { rootPem, ...certificate } = await issuedByIntermediate(names, lasting);
    return { certificate, caPem: rootPem };
  }
  const certificate = await selfSigned(names, [], kind);
  return { certificate, caPem: certificate.certPem };
}
