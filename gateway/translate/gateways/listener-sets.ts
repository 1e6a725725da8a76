import { keyOf, objectKey } from '../../../common/object-key.ts';
import { compareText } from '../memory/compare-text.ts';
import type { Gateway, ListenerSet } from '../model/gateway-api.ts';
import { gatewayGroup } from '../model/kinds.ts';
import { keepList, timeOf } from '../memory/memo.ts';
import type { Problem } from '../model/problems.ts';
import { matchesSelector } from '../model/selector.ts';

export type NamespaceLabels = (namespace: string) => Readonly<Record<string, string>> | undefined;

/** The key of the Gateway that a ListenerSet names; undefined for parents of other kinds. */
export function parentKeyOf({ metadata, spec }: ListenerSet): string | undefined {
  const { group = gatewayGroup, kind = 'Gateway', namespace = metadata.namespace, name } = spec.parentRef;
  return group === gatewayGroup && kind === 'Gateway' ? objectKey(namespace, name) : undefined;
}

/**
 * ListenerSets by the Gateway that they name, in order of precedence: older ones first, then by namespace/name
 * (ListenerSetSpec.Listeners). A list without a change is the same list as in `previous`.
 */
export function setsByGateway(
  sets: readonly ListenerSet[],
  previous: ReadonlyMap<string, readonly ListenerSet[]> | undefined,
): Map<string, readonly ListenerSet[]> {
  const groups = Map.groupBy(sets, (set) => parentKeyOf(set) ?? '');
  const ordered = new Map<string, readonly ListenerSet[]>();
  for (const [key, group] of groups) {
    group.sort((a, b) => createdAt(a) - createdAt(b) || compareText(keyOf(a), keyOf(b)));
    if (key !== '') ordered.set(key, keepList(previous?.get(key), group));
  }
  return ordered;
}

function createdAt({ metadata }: ListenerSet): number {
  return timeOf(metadata.creationTimestamp);
}

/** Why the Gateway does not take the ListenerSet; undefined when it does (GatewaySpec.AllowedListeners: by default it takes none). */
export function refusal(
  gateway: Gateway,
  set: ListenerSet,
  namespaceLabels: NamespaceLabels,
): Problem | undefined {
  const { from = 'None', selector } = gateway.spec.allowedListeners?.namespaces ?? {};
  const namespace = set.metadata.namespace ?? '';
  const isTaken =
    from === 'All' ||
    (from === 'Same' && namespace === gateway.metadata.namespace) ||
    (from === 'Selector' && matchesSelector(selector, namespaceLabels(namespace)));
  if (isTaken) return undefined;
  const message = `the Gateway's spec.allowedListeners does not take ListenerSets of namespace ${namespace}`;
  return { reason: 'NotAllowed', message };
}
