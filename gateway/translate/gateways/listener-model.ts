import type { ListenerOwner, CertificateReader } from './certificates.ts';
import { objectKey } from '../../../common/object-key.ts';
import type { IrCertificate, IrClientValidation } from '../../ir/ir.ts';
import { frontendValidation, readClientValidation } from './client-validation.ts';
import type { ClientValidationContext } from './client-validation.ts';
import type { Gateway, Listener, RouteGroupKind, Secret } from '../model/gateway-api.ts';
import { normalHostname } from '../model/hostname.ts';
import { gatewayGroup, isRouteKind, routeKinds } from '../model/kinds.ts';
import type { RouteKind } from '../model/kinds.ts';
import type { Problem } from '../model/problems.ts';

type ServedProtocol = 'HTTP' | 'HTTPS';

/** One listener, judged on its own and beside its siblings. */
export interface ListenerModel {
  /** Unique within the Gateway, or within its ListenerSet. */
  name: string;
  /** namespace/name of the ListenerSet that brings it; undefined for the Gateway's own. */
  set?: string;
  /** Of the object that it is written in. */
  namespace: string;
  port: number;
  /** Undefined when it is not one we serve. */
  protocol: ServedProtocol | undefined;
  transport: 'TCP' | 'UDP';
  hostname: string;
  allowedRoutes: NonNullable<Listener['allowedRoutes']>;
  supportedKinds: RouteKind[];
  certificates: IrCertificate[];
  clientValidation?: IrClientValidation;
  notAccepted?: Problem;
  conflict?: Problem;
  overlap?: Problem;
  unresolved: Problem[];
  /** Why an accepted listener is not served all the same. */
  notServed?: Problem;
}

export interface ListenerContext extends ClientValidationContext {
  secrets: ReadonlyMap<string, Secret>;
  certificates: CertificateReader;
}

/** Whether Envoy gets configuration for the listener. */
export function isServed(listener: ListenerModel): boolean {
  return isAccepted(listener) && listener.notServed === undefined;
}

export function isAccepted(listener: ListenerModel): boolean {
  return listener.notAccepted === undefined && listener.conflict === undefined;
}

/** Unique within the Gateway. The names of Kubernetes objects and of listeners have no `_`. */
export function listenerId({ set, name }: ListenerModel): string {
  return set === undefined ? name : `${set.replace('/', '_')}_${name}`;
}

/** IrTable.id of the table that serves the listener: one for all of a plaintext port, one for each with TLS. */
export function tableId(listener: ListenerModel): string {
  return listener.protocol === 'HTTPS'
    ? `https-${listener.port}-${listenerId(listener)}`
    : `http-${listener.port}`;
}

/** @param gateway - whose addresses it listens on, and whose validation of clients holds for it */
export function listenerModel(
  gateway: Gateway,
  owner: ListenerOwner,
  listener: Listener,
  context: ListenerContext,
): ListenerModel {
  const protocol =
    listener.protocol === 'HTTP' || listener.protocol === 'HTTPS' ? listener.protocol : undefined;
  const kinds = allowedKinds(listener, protocol);
  const model: ListenerModel = {
    name: listener.name,
    ...(owner.kind === 'ListenerSet' && { set: objectKey(owner.namespace, owner.name) }),
    namespace: owner.namespace,
    port: listener.port,
    protocol,
    transport: listener.protocol === 'UDP' ? 'UDP' : 'TCP',
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
  if (protocol === 'HTTPS') addTls(model, { gateway, owner, listener, context });
  return model;
}

interface TlsInput {
  gateway: Gateway;
  owner: ListenerOwner;
  listener: Listener;
  context: ListenerContext;
}

function addTls(model: ListenerModel, { gateway, owner, listener, context }: TlsInput): void {
  const mode = listener.tls?.mode ?? 'Terminate';
  if (mode !== 'Terminate') {
    model.notAccepted = { reason: 'UnsupportedValue', message: `TLS mode ${mode} is not supported` };
  }
  addClientValidation(model, gateway, context);
  const refs = listener.tls?.certificateRefs ?? [];
  const { certificates, problems } = context.certificates.read(
    owner,
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

/** Without a CA nobody could be turned away, so that the listener is not accepted: it would fail open. */
function addClientValidation(model: ListenerModel, gateway: Gateway, context: ListenerContext): void {
  const wanted = frontendValidation(gateway, model.port);
  if (wanted === undefined) return;
  const { validation, problems } = readClientValidation(gateway, wanted, context);
  model.unresolved.push(...problems);
  if (validation !== undefined) model.clientValidation = validation;
  else {
    const message = 'spec.tls.frontend: no reference to a CA certificate resolves';
    model.notAccepted ??= { reason: 'NoValidCACertificate', message };
  }
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
