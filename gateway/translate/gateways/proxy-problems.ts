import type { Gateway } from '../model/gateway-api.ts';
import { isServed, tableId } from './listener-model.ts';
import type { ListenerModel } from './listener-model.ts';
import type { Problem } from '../model/problems.ts';
import type { ProxyState } from '../model/types.ts';

/** Addresses are assigned by the cluster; a requested one is usable only when it is what the Gateway got. */
export function requestedAddressProblem(
  gateway: Gateway,
  proxy: ProxyState | undefined,
): Problem | undefined {
  const assigned = (proxy?.addresses ?? []).map(({ value }) => value);
  const wanted = (gateway.spec.addresses ?? []).flatMap(({ value }) =>
    value === undefined || value === '' ? [] : value,
  );
  const missing = wanted.filter((value) => !assigned.includes(value));
  if (missing.length === 0) return undefined;
  return { reason: 'AddressNotUsable', message: `address ${missing.join(', ')} cannot be used` };
}

/** A refused resource that no route can be blamed for; refused routes are reported on the route instead. */
export function refusalOf(proxy: ProxyState | undefined): Problem | undefined {
  const found = proxy?.rejected.find(({ source }) => source === undefined || source.kind === 'Gateway');
  if (found === undefined) return undefined;
  return { reason: 'Invalid', message: `the proxy refused ${found.resource}: ${found.message}` };
}

export function proxyProblem(proxy: ProxyState | undefined): Problem | undefined {
  if (proxy === undefined || proxy.addresses.length === 0) {
    return { reason: 'AddressNotAssigned', message: 'No address has been assigned yet' };
  }
  if (proxy.ready) return undefined;
  return { reason: 'Pending', message: proxy.message ?? 'The proxy is not ready yet' };
}

/** As proxyProblem, for one listener: others of the Gateway may be served already. */
export function listenerProblem(listener: ListenerModel, proxy: ProxyState | undefined): Problem | undefined {
  const problem = proxyProblem(proxy);
  if (problem !== undefined || !isServed(listener)) return problem;
  if (proxy?.served?.includes(tableId(listener)) !== false) return undefined;
  return { reason: 'Pending', message: 'No proxy has acknowledged the configuration of the listener' };
}
