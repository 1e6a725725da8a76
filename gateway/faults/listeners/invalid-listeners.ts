import type { Listener } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { mapListeners, onObjects } from '../hooks/objects.ts';
import { unseen } from '../hooks/unseen.ts';

const layers: Fault['layers'] = ['routed', 'backend', 'connect'];

/** Proxies take such listeners for HTTP, where nothing else is on the port; what statuses say of them is right. */
function inTheClear(isMeant: (listener: Listener) => boolean): FaultHooks {
  return unseen(
    onObjects('gateways', (gateway) => {
      const ports = (gateway.spec.listeners ?? []).map(({ port }) => port);
      const isAlone = (port: number): boolean => ports.indexOf(port) === ports.lastIndexOf(port);
      return mapListeners(gateway, (listener) => {
        if (!isMeant(listener) || !isAlone(listener.port)) return listener;
        const { tls: _tls, ...rest } = listener;
        return { ...rest, protocol: 'HTTP' };
      });
    }),
  );
}

/** Listeners that are refused, and served all the same. */
export const invalidListeners: readonly Fault[] = [
  {
    name: 'unknown-protocol-served',
    title: 'A listener of an unknown protocol is refused, and serves as if it were HTTP.',
    clauses: ['listener-invalid-serves-nothing'],
    layers,
    reference: 'kubernetes-sigs/gateway-api#5147',
    hooks: () => inTheClear(({ protocol }) => !['HTTP', 'HTTPS', 'TLS', 'TCP', 'UDP'].includes(protocol)),
  },
  {
    name: 'https-without-tls-served-in-the-clear',
    title: 'An HTTPS listener without TLS settings is not programmed, and serves in the clear.',
    clauses: ['listener-invalid-serves-nothing'],
    layers,
    reference: 'istio/istio#60562',
    hooks: () => inTheClear(({ protocol, tls }) => protocol === 'HTTPS' && tls === undefined),
  },
];
