import { shareNames } from './certificate-names.ts';
import { covers } from '../model/hostname.ts';
import { isAccepted } from './listener-model.ts';
import type { ListenerModel } from './listener-model.ts';

/**
 * Marks HTTPS listeners of one port that a client may take for each other when it reuses connections: their hostnames overlap, or
 * their certificates do (ListenerConditionOverlappingTLSConfig). Where both is so, the certificates are the reason that is given.
 */
export function markOverlaps(listeners: readonly ListenerModel[]): void {
  const candidates = listeners.filter((listener) => listener.protocol === 'HTTPS' && isAccepted(listener));
  for (const listener of candidates) {
    const others = candidates.filter((other) => isComparable(listener, other));
    const byCertificate = others.filter((other) => certificatesOverlap(listener, other));
    const byHostname = others.filter((other) => hostnamesOverlap(listener, other));
    const messages = [
      ...(byCertificate.length > 0
        ? [`a certificate has names in common with one of ${who(listener, byCertificate)}`]
        : []),
      ...(byHostname.length > 0 ? [`the hostname overlaps with that of ${who(listener, byHostname)}`] : []),
    ];
    if (messages.length === 0) continue;
    const reason = byCertificate.length > 0 ? 'OverlappingCertificates' : 'OverlappingHostnames';
    listener.overlap = { reason, message: `${messages.join(', and ')} on port ${listener.port}` };
  }
}

/** A Gateway's own listeners are compared with each other only: its status is not a matter of ListenerSets. */
function isComparable(listener: ListenerModel, other: ListenerModel): boolean {
  return (
    other !== listener &&
    other.port === listener.port &&
    (listener.set !== undefined || other.set === undefined)
  );
}

function hostnamesOverlap(left: ListenerModel, right: ListenerModel): boolean {
  return covers(left.hostname, right.hostname) || covers(right.hostname, left.hostname);
}

function certificatesOverlap(left: ListenerModel, right: ListenerModel): boolean {
  return left.certificates.some((one) => right.certificates.some((other) => shareNames(one, other)));
}

function who({ set }: ListenerModel, overlapping: readonly ListenerModel[]): string {
  const siblings = overlapping.filter((other) => other.set === set).map(({ name }) => name);
  const others = siblings.length < overlapping.length ? ['a listener of another object'] : [];
  return [...(siblings.length > 0 ? [`listener ${siblings.join(', ')}`] : []), ...others].join(' and ');
}
