import { keyOf } from '../../common/object-key.ts';
import type { IrCertificate } from '../ir/ir.ts';
import type { CertificateReader } from './certificates.ts';
import type { Gateway, Listener, RouteGroupKind, Secret } from './gateway-api.ts';
import { covers, normalHostname } from './hostname.ts';
import { gatewayGroup, isRouteKind, routeKinds } from './kinds.ts';
import type { RouteKind } from './kinds.ts';
import type { Problem } from './problems.ts';
import type { References } from './references.ts';

type ServedProtocol = 'HTTP' | 'HTTPS';

/** One listener, judged on its own and beside its siblings. */
export interface ListenerModel {
  name: string;
  port: number;
  /** Undefined when it is not one we serve. */
  protocol: ServedProtocol | undefined;
  hostname: string;
  allowedRoutes: NonNullable<Listener['allowedRoutes']>;
  supportedKinds: RouteKind[];
  certificates: IrCertificate[];
  notAccepted?: Problem;
  conflict?: Problem;
  overlap?: Problem;
  unresolved: Problem[];
  /** Why an accepted listener is not served all the same. */
  notServed?: Problem;
}

/** A Gateway of ours as far as its own object, Secrets and grants tell: nothing about routes or its proxy. */
export interface GatewayModel {
  key: string;
  namespace: string;
  listeners: ListenerModel[];
  /** Why the Gateway cannot be served at all. */
  rejected?: Problem;
}

export interface GatewayContext {
  secrets: ReadonlyMap<string, Secret>;
  references: References;
  certificates: CertificateReader;
}

export function gatewayModel(gateway: Gateway, context: GatewayContext): GatewayModel {
  const listeners = (gateway.spec.listeners ?? []).map((listener) =>
    listenerModel(gateway, listener, context),
  );
  markConflicts(listeners);
  markOverlaps(listeners);
  const rejected = rejection(gateway) ?? withoutListeners(listeners);
  return {
    key: keyOf(gateway),
    namespace: gateway.metadata.namespace ?? '',
    listeners,
    ...(rejected === undefined ? {} : { rejected }),
  };
}

/** Whether Envoy gets configuration for the listener. */
export function isServed(listener: ListenerModel): boolean {
  return isAccepted(listener) && listener.notServed === undefined;
}

export function isAccepted(listener: ListenerModel): boolean {
  return listener.notAccepted === undefined && listener.conflict === undefined;
}

function rejection(gateway: Gateway): Problem | undefined {
  const { addresses, infrastructure } = gateway.spec;
  const address = (addresses ?? []).find(({ type }) => (type ?? 'IPAddress') !== 'IPAddress');
  if (address !== undefined) {
    const message = `addresses of type ${address.type ?? ''} are not supported, only IPAddress`;
    return { reason: 'UnsupportedAddress', message };
  }
  const parameters = infrastructure?.parametersRef;
  if (parameters === undefined) return undefined;
  const message = `spec.infrastructure.parametersRef: kind ${parameters.kind} is not supported`;
  return { reason: 'InvalidParameters', message };
}

function withoutListeners(listeners: readonly ListenerModel[]): Problem | undefined {
  if (listeners.some(isAccepted)) return undefined;
  const message = `No valid listener: ${invalidListeners(listeners)}`;
  return { reason: 'ListenersNotValid', message };
}

/** `name (why), ...` of every listener that is not accepted. */
export function invalidListeners(listeners: readonly ListenerModel[]): string {
  return listeners
    .filter((listener) => !isAccepted(listener))
    .map(({ name, notAccepted, conflict }) => `${name} (${(notAccepted ?? conflict)?.reason ?? ''})`)
    .join(', ');
}

function listenerModel(gateway: Gateway, listener: Listener, context: GatewayContext): ListenerModel {
  const protocol =
    listener.protocol === 'HTTP' || listener.protocol === 'HTTPS' ? listener.protocol : undefined;
  const kinds = allowedKinds(listener, protocol);
  const model: ListenerModel = {
    name: listener.name,
    port: listener.port,
    protocol,
    hostname: normalHostname(listener.hostname),
    allowedRoutes: listener.allowedRoutes ?? {},
    supportedKinds: kinds.supported,
    certificates: [],
    unresolved: kinds.problems,
  };
  if (protocol === undefined) {
    const message = `protocol ${listener.protocol} is not supported, only HTTP and HTTPS`;
    model.notAccepted = { reason: 'UnsupportedProtocol', message };
  }
  if (protocol === 'HTTPS') addTls(model, gateway, listener, context);
  return model;
}

function addTls(model: ListenerModel, gateway: Gateway, listener: Listener, context: GatewayContext): void {
  const mode = listener.tls?.mode ?? 'Terminate';
  if (mode !== 'Terminate') {
    model.notAccepted = { reason: 'UnsupportedValue', message: `TLS mode ${mode} is not supported` };
  } else if (validatesClients(gateway, listener.port)) {
    // Serving such a listener without asking for client certificates would fail open.
    const message = 'spec.tls.frontend: validating client certificates is not supported';
    model.notAccepted = { reason: 'UnsupportedValue', message };
  }
  const refs = listener.tls?.certificateRefs ?? [];
  const { certificates, problems } = context.certificates.read(
    gateway,
    refs,
    context.secrets,
    context.references,
  );
  model.certificates = certificates;
  model.unresolved.push(...problems);
  if (certificates.length > 0) return;
  model.notServed =
    refs.length === 0
      ? { reason: 'InvalidTLSConfig', message: 'an HTTPS listener needs tls.certificateRefs' }
      : { reason: 'Invalid', message: 'no certificate reference resolves' };
}

function validatesClients(gateway: Gateway, port: number): boolean {
  const frontend = gateway.spec.tls?.frontend;
  if (frontend === undefined) return false;
  const own = frontend.perPort?.find((entry) => entry.port === port);
  return (own === undefined ? frontend.default?.validation : own.tls?.validation) !== undefined;
}

interface AllowedKinds {
  supported: RouteKind[];
  problems: Problem[];
}

function allowedKinds(listener: Listener, protocol: ServedProtocol | undefined): AllowedKinds {
  const kinds = listener.allowedRoutes?.kinds ?? [];
  const possible = protocol === undefined ? [] : routeKinds;
  if (kinds.length === 0) return { supported: [...possible], problems: [] };
  const supported: RouteKind[] = [];
  const problems: Problem[] = [];
  for (const { group = gatewayGroup, kind } of kinds) {
    if (group === gatewayGroup && isRouteKind(kind) && possible.includes(kind)) {
      if (!supported.includes(kind)) supported.push(kind);
    } else {
      const message = `allowedRoutes.kinds: kind ${kind} of group "${group}" is not supported on protocol ${listener.protocol}`;
      problems.push({ reason: 'InvalidRouteKinds', message });
    }
  }
  return { supported, problems };
}

/** supportedKinds as the status writes them. */
export function groupKinds(kinds: readonly RouteKind[]): RouteGroupKind[] {
  return kinds.map((kind) => ({ group: gatewayGroup, kind }));
}

/** Listeners of one port have to agree on the protocol and differ in the hostname; of those that clash none wins. */
function markConflicts(listeners: readonly ListenerModel[]): void {
  const candidates = listeners.filter((listener) => listener.notAccepted === undefined);
  for (const listener of candidates) {
    const siblings = candidates.filter((other) => other !== listener && other.port === listener.port);
    const byProtocol = siblings.filter((other) => other.protocol !== listener.protocol);
    const byHostname = siblings.filter((other) => other.hostname === listener.hostname);
    if (byProtocol.length > 0) {
      const message = `port ${listener.port} is also used with another protocol by listener ${names(byProtocol)}`;
      listener.conflict = { reason: 'ProtocolConflict', message };
    } else if (byHostname.length > 0) {
      const message = `port ${listener.port} and the same hostname are also used by listener ${names(byHostname)}`;
      listener.conflict = { reason: 'HostnameConflict', message };
    }
  }
}

function markOverlaps(listeners: readonly ListenerModel[]): void {
  const candidates = listeners.filter((listener) => listener.protocol === 'HTTPS' && isAccepted(listener));
  for (const listener of candidates) {
    const overlapping = candidates.filter(
      (other) =>
        other !== listener &&
        other.port === listener.port &&
        (covers(other.hostname, listener.hostname) || covers(listener.hostname, other.hostname)),
    );
    if (overlapping.length === 0) continue;
    const message = `the hostname overlaps with that of listener ${names(overlapping)} on port ${listener.port}`;
    listener.overlap = { reason: 'OverlappingHostnames', message };
  }
}

function names(listeners: readonly ListenerModel[]): string {
  return listeners.map((listener) => listener.name).join(', ');
}
