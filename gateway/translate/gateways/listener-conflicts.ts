import type { ListenerModel } from './listener-model.ts';
import type { Problem } from '../model/problems.ts';

/**
 * Marks the listeners of one port that do not agree on the protocol or share a hostname. Of those that clash within one object
 * none wins; between objects, the one that comes first does (ListenerSetSpec.Listeners): the Gateway, then older ListenerSets.
 *
 * @param own - of the Gateway
 * @param sets - of each ListenerSet, in order of precedence
 */
export function markConflicts(
  own: readonly ListenerModel[],
  sets: readonly (readonly ListenerModel[])[],
): void {
  markSiblings(own);
  // Listeners that clash within their object are not served, but no later object may take their place.
  const earlier = own.filter(isSupported);
  for (const listeners of sets) {
    for (const listener of listeners) markLoser(listener, earlier);
    const left = listeners.filter(({ conflict }) => conflict === undefined);
    markSiblings(left);
    earlier.push(...left.filter(isSupported));
  }
}

function isSupported({ notAccepted }: ListenerModel): boolean {
  return notAccepted === undefined;
}

function markSiblings(listeners: readonly ListenerModel[]): void {
  const candidates = listeners.filter(isSupported);
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

function markLoser(listener: ListenerModel, earlier: readonly ListenerModel[]): void {
  const conflict = lostTo(listener, earlier);
  if (conflict === undefined) return;
  listener.conflict = conflict;
  // A protocol that another one is in the way of is in conflict first, whether it is supported or not.
  delete listener.notAccepted;
}

function lostTo(listener: ListenerModel, earlier: readonly ListenerModel[]): Problem | undefined {
  const { port, protocol, hostname, transport } = listener;
  const rivals = earlier.filter((other) => other.port === port && other.transport === transport);
  const byProtocol = rivals.find((other) => other.protocol !== protocol);
  if (byProtocol !== undefined) {
    const message = `port ${port} is already used with another protocol by ${winner(byProtocol)}`;
    return { reason: 'ProtocolConflict', message };
  }
  const byHostname = rivals.find((other) => other.hostname === hostname);
  if (byHostname === undefined) return undefined;
  const message = `port ${port} and the same hostname are already used by ${winner(byHostname)}`;
  return { reason: 'HostnameConflict', message };
}

/** Without names: whoever reads the status of a ListenerSet may not be one who is to know of the others. */
function winner({ set }: ListenerModel): string {
  return set === undefined
    ? 'a listener of the parent Gateway'
    : 'a ListenerSet that comes first (older, or first by namespace/name)';
}

function names(listeners: readonly ListenerModel[]): string {
  return listeners.map((listener) => listener.name).join(', ');
}
