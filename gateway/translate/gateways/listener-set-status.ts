import { mergeConditions, positive } from '../model/conditions.ts';
import type { ConditionContext, DesiredCondition } from '../model/conditions.ts';
import type { Gateway, ListenerSet, ListenerSetStatus } from '../model/gateway-api.ts';
import { invalidListeners } from './gateway-model.ts';
import type { GatewayModel, ListenerSetModel } from './gateway-model.ts';
import { isServed } from './listener-model.ts';
import type { ListenerModel } from './listener-model.ts';
import { listenerStatus } from './listener-status.ts';
import { StatusMemo } from '../memory/memo.ts';
import type { Problem } from '../model/problems.ts';
import { listenerProblem, proxyProblem, refusalOf, requestedAddressProblem } from './proxy-problems.ts';
import type { ProxyState } from '../model/types.ts';

const owned = ['Accepted', 'Programmed'];

/** No field of a ListenerSet tells which controller has written its status: what we have is known by its words. */
const ownWords = { Accepted: 'ListenerSet is accepted', Programmed: 'ListenerSet is programmed' };
const partlyInvalid = 'Some listeners are not valid: ';

export interface ListenerSetStatusInput {
  set: ListenerSet;
  /** That it names as its parent. */
  gateway: Gateway;
  /** Of the Gateway; undefined while its class is not accepted. */
  model: GatewayModel | undefined;
  proxy: ProxyState | undefined;
  /** Routes by listener. */
  attached: (listener: ListenerModel) => number;
  now: string;
}

/** Remembers the status of each ListenerSet as long as nothing that it says has changed. */
export class ListenerSetStatuses {
  readonly #memo = new StatusMemo<ListenerSet, ListenerSetStatus>();

  /** The status to write, or undefined when the ListenerSet has it already. */
  update(input: ListenerSetStatusInput, key: string): ListenerSetStatus | undefined {
    const { set, gateway, model, proxy, attached } = input;
    const listeners = model?.listeners.filter((listener) => listener.set === key) ?? [];
    const parts = [gateway, model, proxy, ...listeners.map(attached)];
    return this.#memo.of(set, parts, () => listenerSetStatus(input, key, listeners));
  }

  /** As `update`, where there is no Gateway of that name: what we have said of the ListenerSet under one holds no more. */
  withoutGateway(set: ListenerSet, now: string): ListenerSetStatus | undefined {
    return this.#memo.of(set, [], () => (claims(set) ? orphanStatus(set, now) : (set.status ?? {})), {});
  }
}

/** Whether the Gateway takes the ListenerSet and serves one of its listeners (GatewayStatus.AttachedListenerSets). */
export function isSetAccepted(set: ListenerSetModel, model: GatewayModel): boolean {
  const listeners = model.listeners.filter((listener) => listener.set === set.key);
  return notAccepted(set, model, listeners) === undefined;
}

function listenerSetStatus(
  input: ListenerSetStatusInput,
  key: string,
  listeners: readonly ListenerModel[],
): ListenerSetStatus {
  const { set, model, proxy, attached, now } = input;
  const context: ConditionContext = { generation: set.metadata.generation, now };
  const found = model?.sets.find((each) => each.key === key);
  const conditions =
    model === undefined || found === undefined ? pending() : conditionsOf(input, model, found, listeners);
  return {
    conditions: mergeConditions(set.status?.conditions, conditions, owned, context),
    ...(listeners.length > 0 && {
      listeners: listeners.map((listener) =>
        listenerStatus({
          listener,
          attachedRoutes: attached(listener),
          existing: set.status?.listeners?.find(({ name }) => name === listener.name),
          notProgrammed: model?.rejected ?? listenerProblem(listener, proxy),
          context,
        }),
      ),
    }),
  };
}

function claims({ status }: ListenerSet): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: value, message }) =>
      value === 'True' &&
      (message === (ownWords as Record<string, string>)[type] ||
        (type === 'Accepted' && message.startsWith(partlyInvalid))),
  );
}

function orphanStatus({ metadata: { generation }, status }: ListenerSet, now: string): ListenerSetStatus {
  const conditions = pending('The parent Gateway does not exist');
  return { conditions: mergeConditions(status?.conditions, conditions, owned, { generation, now }) };
}

/** As its Gateway waits for the class, so does the ListenerSet. */
function pending(message = 'The parent Gateway has not been looked at yet'): DesiredCondition[] {
  return owned.map((type) => ({ type, status: 'Unknown', reason: 'Pending', message }));
}

function conditionsOf(
  { gateway, proxy }: ListenerSetStatusInput,
  model: GatewayModel,
  set: ListenerSetModel,
  listeners: readonly ListenerModel[],
): DesiredCondition[] {
  const problem = notAccepted(set, model, listeners);
  const notProgrammed = problem ?? notProgrammedBecause(gateway, proxy, listeners);
  // Programmed has a reason of its own for a parent that stands in the way, and shares the others.
  const reason =
    notProgrammed?.reason === 'ParentNotAccepted' ? 'ParentNotProgrammed' : notProgrammed?.reason;
  return [
    problem === undefined ? accepted(listeners) : positive('Accepted', '', '', problem),
    positive(
      'Programmed',
      'Programmed',
      ownWords.Programmed,
      notProgrammed && { ...notProgrammed, reason: reason ?? notProgrammed.reason },
    ),
  ];
}

function notAccepted(
  { refused }: ListenerSetModel,
  { rejected }: GatewayModel,
  listeners: readonly ListenerModel[],
): Problem | undefined {
  if (refused !== undefined) return refused;
  if (rejected !== undefined)
    return { reason: 'ParentNotAccepted', message: 'The parent Gateway is not accepted' };
  if (listeners.some(isServed)) return undefined;
  return { reason: 'ListenersNotValid', message: `No valid listener: ${notServed(listeners)}` };
}

function accepted(listeners: readonly ListenerModel[]): DesiredCondition {
  if (listeners.every(isServed)) return positive('Accepted', 'Accepted', ownWords.Accepted);
  return positive('Accepted', 'ListenersNotValid', `${partlyInvalid}${notServed(listeners)}`);
}

function notServed(listeners: readonly ListenerModel[]): string {
  return invalidListeners(listeners, (listener) => !isServed(listener));
}

/** What keeps a listener from being served is said on its entry; here it is about the Gateway's proxy. */
function notProgrammedBecause(
  gateway: Gateway,
  proxy: ProxyState | undefined,
  listeners: readonly ListenerModel[],
): Problem | undefined {
  const problem =
    requestedAddressProblem(gateway, proxy) ??
    refusalOf(proxy) ??
    proxyProblem(proxy) ??
    listeners
      .filter(isServed)
      .map((listener) => listenerProblem(listener, proxy))
      .find((found) => found !== undefined);
  return problem === undefined
    ? undefined
    : { reason: 'ParentNotProgrammed', message: 'The parent Gateway does not serve the listeners yet' };
}
