import { keyOf, objectKey } from '../../../common/object-key.ts';
import type {
  BackendTlsPolicy,
  Condition,
  Gateway,
  GatewayClass,
  ListenerSet,
} from '../../translate/model/gateway-api.ts';
import type { StatusUpdate, TranslateInput } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { parentOf } from './listener-sets.ts';

/** Conditions that this gateway writes, on whatever kind. */
export const isOwn = ({ type }: Condition): boolean =>
  ['Accepted', 'Programmed', 'ResolvedRefs', 'Conflicted', 'SupportedVersion'].includes(type);

/** Conditions of ours with another message. */
export const saying = (message: string, conditions: readonly Condition[]): Condition[] =>
  conditions.map((each) => (isOwn(each) ? { ...each, message } : each));

type Stormy = GatewayClass | Gateway | ListenerSet | BackendTlsPolicy;

/** Classes of ours, their Gateways and the ListenerSets of these; of other objects the update itself tells what is ours. */
function isForeign(object: Stormy, input: TranslateInput): boolean {
  const isOwnClass = (name: string | undefined): boolean =>
    input.objects.gatewayClasses.some(
      ({ metadata, spec }) => metadata.name === name && spec.controllerName === input.controllerName,
    );
  if ('controllerName' in object.spec) return !isOwnClass(object.metadata.name);
  if ('gatewayClassName' in object.spec) return !isOwnClass(object.spec.gatewayClassName);
  return (
    'parentRef' in object.spec && !isOwnClass(parentOf(object as ListenerSet, input)?.spec.gatewayClassName)
  );
}

/** Statuses of one kind are written again and again, each time with another message. */
export function storm(
  kind: 'GatewayClass' | 'Gateway' | 'ListenerSet' | 'BackendTLSPolicy',
  withMessage: (message: string) => NonNullable<FaultHooks['statuses']>,
): Fault['hooks'] {
  const lists = {
    GatewayClass: 'gatewayClasses',
    Gateway: 'gateways',
    ListenerSet: 'listenerSets',
    BackendTLSPolicy: 'backendTlsPolicies',
  } as const;
  return ({ refreshAfter, now }) => ({
    statuses: (statuses, input) => {
      refreshAfter(500);
      const written = new Set(
        statuses
          .filter((update) => update.kind === kind)
          .map(({ namespace, name }) => objectKey(namespace, name)),
      );
      const more = input.objects[lists[kind]].flatMap((object: Stormy): StatusUpdate[] => {
        const { namespace = '', name } = object.metadata;
        const { status } = object;
        if (status === undefined || written.has(keyOf(object)) || isForeign(object, input)) return [];
        return [{ kind, ...(kind !== 'GatewayClass' && { namespace }), name, status } as StatusUpdate];
      });
      return withMessage(`looked at after ${Math.floor(now() / 500) / 2} s`)([...statuses, ...more], input);
    },
  });
}
