import { mergeConditions, positive } from './conditions.ts';
import type { ConditionContext, DesiredCondition } from './conditions.ts';
import type { Gateway, GatewayStatus } from './gateway-api.ts';
import { invalidListeners, isAccepted, isServed } from './gateway-model.ts';
import type { GatewayModel } from './gateway-model.ts';
import { listenerStatus } from './listener-status.ts';
import { deepEqual, sameElements } from './memo.ts';
import type { Problem } from './problems.ts';
import type { ProxyState } from './types.ts';

const owned = ['Accepted', 'Programmed'];

export interface GatewayStatusInput {
  gateway: Gateway;
  /** Undefined while the class is not accepted. */
  model: GatewayModel | undefined;
  proxy: ProxyState | undefined;
  /** Routes of each of the model's listeners. */
  attached: readonly number[];
  now: string;
}

interface Judged {
  /** All that the status was made from, but for the time. */
  parts: readonly unknown[];
  /** What is to be written; undefined when the Gateway has it already. */
  status: GatewayStatus | undefined;
}

/** Remembers the status of each Gateway as long as nothing that it says has changed. */
export class GatewayStatuses {
  readonly #judged = new WeakMap<Gateway, Judged>();

  /** The status to write, or undefined when the Gateway has it already. */
  update(input: GatewayStatusInput): GatewayStatus | undefined {
    const { gateway, model, proxy, attached, now } = input;
    const parts = [model, proxy, ...attached];
    const known = this.#judged.get(gateway);
    if (known !== undefined && sameElements(known.parts, parts)) return known.status;
    const wanted =
      model === undefined ? pendingGatewayStatus(gateway, now) : gatewayStatus({ ...input, model });
    const status = deepEqual(wanted, gateway.status) ? undefined : wanted;
    this.#judged.set(gateway, { parts, status });
    return status;
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
  const conditions = [
    acceptedCondition(model),
    positive('Programmed', 'Programmed', 'Gateway is programmed', programmed),
  ];
  return {
    ...keptFields(gateway),
    ...(addresses.length === 0 ? {} : { addresses }),
    conditions: mergeConditions(gateway.status?.conditions, conditions, owned, context),
    listeners: model.listeners.map((listener, index) =>
      listenerStatus({
        listener,
        attachedRoutes: attached[index] ?? 0,
        existing: gateway.status?.listeners?.find(({ name }) => name === listener.name),
        notProgrammed: model.rejected ?? proxyProblem(proxy),
        context,
      }),
    ),
  };
}

/** A Gateway whose class exists and is ours but is not accepted waits, as one whose class nobody has looked at yet. */
function pendingGatewayStatus(gateway: Gateway, now: string): GatewayStatus {
  const message = `GatewayClass ${gateway.spec.gatewayClassName} is not accepted`;
  const conditions = owned.map((type): DesiredCondition => ({
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

/** Fields of the status that are not ours to write, such as attachedListenerSets. */
function keptFields({ status }: Gateway): GatewayStatus {
  const kept = { ...status };
  delete kept.addresses;
  delete kept.listeners;
  delete kept.conditions;
  return kept;
}

function acceptedCondition(model: GatewayModel): DesiredCondition {
  if (model.rejected !== undefined || model.listeners.every(isAccepted)) {
    return positive('Accepted', 'Accepted', 'Gateway is accepted', model.rejected);
  }
  const valid = model.listeners.filter(isAccepted).map(({ name }) => name);
  const message = `Accepted listeners: ${valid.join(', ')}; not valid: ${invalidListeners(model.listeners)}`;
  return positive('Accepted', 'ListenersNotValid', message);
}

function programmedProblem(
  gateway: Gateway,
  model: GatewayModel,
  proxy: ProxyState | undefined,
): Problem | undefined {
  if (model.rejected !== undefined) return { reason: 'Invalid', message: 'Gateway is not accepted' };
  if (!model.listeners.some(isServed)) {
    return { reason: 'Invalid', message: 'No listener can be programmed' };
  }
  return requestedAddressProblem(gateway, proxy) ?? refusal(proxy) ?? proxyProblem(proxy);
}

/** Addresses are assigned by the cluster; a requested one is usable only when it is what the Gateway got. */
function requestedAddressProblem(gateway: Gateway, proxy: ProxyState | undefined): Problem | undefined {
  const assigned = (proxy?.addresses ?? []).map(({ value }) => value);
  const wanted = (gateway.spec.addresses ?? []).flatMap(({ value }) =>
    value === undefined || value === '' ? [] : value,
  );
  const missing = wanted.filter((value) => !assigned.includes(value));
  if (missing.length === 0) return undefined;
  return { reason: 'AddressNotUsable', message: `address ${missing.join(', ')} cannot be used` };
}

/** A refused resource that no route can be blamed for; refused routes are reported on the route instead. */
function refusal(proxy: ProxyState | undefined): Problem | undefined {
  const found = proxy?.rejected.find(({ source }) => source === undefined || source.kind === 'Gateway');
  if (found === undefined) return undefined;
  return { reason: 'Invalid', message: `the proxy refused ${found.resource}: ${found.message}` };
}

function proxyProblem(proxy: ProxyState | undefined): Problem | undefined {
  if (proxy === undefined || proxy.addresses.length === 0) {
    return { reason: 'AddressNotAssigned', message: 'No address has been assigned yet' };
  }
  if (proxy.ready) return undefined;
  return { reason: 'Pending', message: proxy.message ?? 'The proxy is not ready yet' };
}
