import { keyOf } from '../../../common/object-key.ts';
import { readBackendClient } from './backend-client.ts';
import type { BackendClient } from './backend-client.ts';
import type { Gateway, ListenerSet } from '../model/gateway-api.ts';
import { markConflicts } from './listener-conflicts.ts';
import { isAccepted, listenerModel } from './listener-model.ts';
import type { ListenerContext, ListenerModel } from './listener-model.ts';
import { markOverlaps } from './listener-overlaps.ts';
import { refusal } from './listener-sets.ts';
import type { NamespaceLabels } from './listener-sets.ts';
import type { Problem } from '../model/problems.ts';

/** A ListenerSet that names the Gateway as its parent. */
export interface ListenerSetModel {
  /** namespace/name. */
  key: string;
  /** Why the Gateway does not take it; its listeners are not part of the Gateway then. */
  refused?: Problem;
}

/** A Gateway of ours as far as its own object, its ListenerSets, Secrets and grants tell: nothing about routes or its proxy. */
export interface GatewayModel {
  key: string;
  /** Its own, then those of each ListenerSet that it takes, in order of precedence. */
  listeners: ListenerModel[];
  /** In order of precedence. */
  sets: ListenerSetModel[];
  /** Undefined where it names no certificate for backends. */
  backendClient?: BackendClient;
  /** Why the Gateway cannot be served at all. */
  rejected?: Problem;
  /** It takes routes that ask for default Gateways (GEP-3793). */
  isDefault: boolean;
}

export interface GatewayContext extends ListenerContext {
  namespaceLabels: NamespaceLabels;
}

/** @param sets - those that name the Gateway as their parent, in order of precedence */
export function gatewayModel(
  gateway: Gateway,
  sets: readonly ListenerSet[],
  context: GatewayContext,
): GatewayModel {
  const { namespace = '', name } = gateway.metadata;
  const judged = sets.map((set) => ({ set, refused: refusal(gateway, set, context.namespaceLabels) }));
  const own = (gateway.spec.listeners ?? []).map((listener) =>
    listenerModel(gateway, { kind: 'Gateway', namespace, name }, listener, context),
  );
  const ofSets = judged.flatMap(({ set, refused }) =>
    refused === undefined ? [setListeners(gateway, set, context)] : [],
  );
  markConflicts(own, ofSets);
  const listeners = [...own, ...ofSets.flat()];
  markOverlaps(listeners);
  const backendClient = readBackendClient(gateway, context);
  const rejected = rejection(gateway) ?? withoutListeners(own);
  return {
    key: keyOf(gateway),
    listeners,
    sets: judged.map(({ set, refused }) => ({ key: keyOf(set), ...(refused && { refused }) })),
    ...(backendClient && { backendClient }),
    ...(rejected === undefined ? {} : { rejected }),
    isDefault: gateway.spec.defaultScope === 'All' && rejected === undefined,
  };
}

function setListeners(gateway: Gateway, set: ListenerSet, context: GatewayContext): ListenerModel[] {
  const { namespace = '', name } = set.metadata;
  return (set.spec.listeners ?? []).map((listener) =>
    listenerModel(gateway, { kind: 'ListenerSet', namespace, name }, listener, context),
  );
}

/** The listeners that are written in the Gateway itself. */
export function ownListeners({ listeners }: GatewayModel): ListenerModel[] {
  return listeners.filter(({ set }) => set === undefined);
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

/** `name (why), ...` of every listener that is not accepted, or of those that `isInvalid` tells. */
export function invalidListeners(
  listeners: readonly ListenerModel[],
  isInvalid = (listener: ListenerModel): boolean => !isAccepted(listener),
): string {
  return listeners
    .filter(isInvalid)
    .map((listener) => `${listener.name} (${reasonOf(listener)})`)
    .join(', ');
}

function reasonOf({ notAccepted, conflict, notServed, unresolved }: ListenerModel): string {
  return (notAccepted ?? conflict ?? unresolved[0] ?? notServed)?.reason ?? '';
}
