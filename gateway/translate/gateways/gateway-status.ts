import { allowsInsecureFallback } from './client-validation.ts';
import { mergeConditions, positive } from '../model/conditions.ts';
import type { ConditionContext, DesiredCondition } from '../model/conditions.ts';
import type { Gateway, GatewayStatus } from '../model/gateway-api.ts';
import { invalidListeners, ownListeners } from './gateway-model.ts';
import type { GatewayModel } from './gateway-model.ts';
import { isAccepted, isServed } from './listener-model.ts';
import { isSetAccepted } from './listener-set-status.ts';
import { listenerStatus } from './listener-status.ts';
import { StatusMemo } from '../memory/memo.ts';
import type { Problem } from '../model/problems.ts';
import { listenerProblem, proxyProblem, refusalOf, requestedAddressProblem } from './proxy-problems.ts';
import type { ProxyState } from '../model/types.ts';

const owned = ['Accepted', 'Programmed', 'ResolvedRefs', 'InsecureFrontendValidationMode', 'DefaultGateway'];

export interface GatewayStatusInput {
  gateway: Gateway;
  /** Undefined while the class is not accepted. */
  model: GatewayModel | undefined;
  proxy: ProxyState | undefined;
  /** Routes of each of its own listeners. */
  attached: readonly number[];
  now: string;
}

/** Remembers the status of each Gateway as long as nothing that it says has changed. */
export class GatewayStatuses {
  readonly #memo = new StatusMemo<Gateway, GatewayStatus>();

  /** The status to write, or undefined when the Gateway has it already. */
  update(input: GatewayStatusInput): GatewayStatus | undefined {
    const { gateway, model, proxy, attached, now } = input;
    return this.#memo.of(gateway, [model, proxy, ...attached], () =>
      model === undefined ? pendingGatewayStatus(gateway, now) : gatewayStatus({ ...input, model }),
    );
  }
}

function gatewayStatus({
  gateway,
  model,
  proxy,
  attached,
  now,
}: GatewayStatusInput & { model: GatewayModel }): GatewayStatus {
  const context: ConditionContext = { generation: gateway.metadata.generation, now };
  const programmed = programmedProblem(gateway, model, proxy);
  const addresses = model.rejected === undefined ? (proxy?.addresses ?? []) : [];
  const attachedSets = attachedListenerSets(gateway, model);
  const conditions = [
    acceptedCondition(model),
    positive('Programmed', 'Programmed', 'Gateway is programmed', programmed),
    ...resolvedRefs(model),
    ...insecureMode(gateway),
    ...defaultGateway(gateway, model),
  ];
  return {
    ...keptFields(gateway),
    ...(addresses.length === 0 ? {} : { addresses }),
    ...(attachedSets !== undefined && { attachedListenerSets: attachedSets }),
    conditions: mergeConditions(gateway.status?.conditions, conditions, owned, context),
    listeners: ownListeners(model).map((listener, index) =>
      listenerStatus({
        listener,
        attachedRoutes: attached[index] ?? 0,
        existing: gateway.status?.listeners?.find(({ name }) => name === listener.name),
        notProgrammed: model.rejected ?? listenerProblem(listener, proxy),
        context,
      }),
    ),
  };
}

/** A Gateway whose class exists and is ours but is not accepted waits, as one whose class nobody has looked at yet. */
function pendingGatewayStatus(gateway: Gateway, now: string): GatewayStatus {
  const message = `GatewayClass ${gateway.spec.gatewayClassName} is not accepted`;
  const conditions = ['Accepted', 'Programmed'].map((type): DesiredCondition => ({
    type,
    status: 'Unknown',
    reason: 'Pending',
    message,
  }));
  const context = { generation: gateway.metadata.generation, now };
  return {
    ...keptFields(gateway),
    conditions: mergeConditions(gateway.status?.conditions, conditions, owned, context),
  };
}

/** Undefined, which reads as 0, where there is nothing to say. */
function attachedListenerSets({ status }: Gateway, model: GatewayModel): number | undefined {
  const count = model.sets.filter((set) => isSetAccepted(set, model)).length;
  return count > 0 || status?.attachedListenerSets !== undefined ? count : undefined;
}

/** Fields of the status that are not ours to write. */
function keptFields({ status }: Gateway): GatewayStatus {
  const kept = { ...status };
  delete kept.addresses;
  delete kept.listeners;
  delete kept.conditions;
  return kept;
}

/**
 * Only of Gateways with a reference of their own (GatewayConditionResolvedRefs); then it sums up the listeners as well. It changes
 * neither Accepted nor Programmed.
 */
function resolvedRefs(model: GatewayModel): DesiredCondition[] {
  if (model.backendClient === undefined) return [];
  const unresolved = ownListeners(model).filter((listener) => listener.unresolved.length > 0);
  const names = unresolved.map(({ name }) => name).join(', ');
  const ofListeners = {
    reason: 'ListenersNotResolved',
    message: `Listeners with broken references: ${names}`,
  };
  const problem = model.backendClient.problem ?? (unresolved.length > 0 ? ofListeners : undefined);
  return [positive('ResolvedRefs', 'ResolvedRefs', 'All references resolve', problem)];
}

/** Absent unless there is something to say (GatewayConditionInsecureFrontendValidationMode). */
function insecureMode(gateway: Gateway): DesiredCondition[] {
  if (!allowsInsecureFallback(gateway)) return [];
  const message = 'spec.tls.frontend lets clients in without a valid certificate (AllowInsecureFallback)';
  return [
    { type: 'InsecureFrontendValidationMode', status: 'True', reason: 'ConfigurationChanged', message },
  ];
}

/** Absent unless the Gateway takes routes that do not name it (GEP-3793). */
function defaultGateway({ spec }: Gateway, { isDefault }: GatewayModel): DesiredCondition[] {
  if (!isDefault) return [];
  const message = `Gateway is a default Gateway of scope ${spec.defaultScope ?? ''}`;
  return [{ type: 'DefaultGateway', status: 'True', reason: 'DefaultGateway', message }];
}

function acceptedCondition(model: GatewayModel): DesiredCondition {
  const own = ownListeners(model);
  if (model.rejected !== undefined || own.every(isAccepted)) {
    return positive('Accepted', 'Accepted', 'Gateway is accepted', model.rejected);
  }
  const valid = own.filter(isAccepted).map(({ name }) => name);
  const message = `Accepted listeners: ${valid.join(', ')}; not valid: ${invalidListeners(own)}`;
  return positive('Accepted', 'ListenersNotValid', message);
}

function programmedProblem(
  gateway: Gateway,
  model: GatewayModel,
  proxy: ProxyState | undefined,
): Problem | undefined {
  if (model.rejected !== undefined) return { reason: 'Invalid', message: 'Gateway is not accepted' };
  const served = ownListeners(model).filter(isServed);
  if (served.length === 0) return { reason: 'Invalid', message: 'No listener can be programmed' };
  const waiting = served
    .map((listener) => listenerProblem(listener, proxy))
    .find((problem) => problem !== undefined);
  return requestedAddressProblem(gateway, proxy) ?? refusalOf(proxy) ?? proxyProblem(proxy) ?? waiting;
}
