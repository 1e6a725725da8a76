import type { Gateway, ListenerSet } from '../../translate/model/gateway-api.ts';
import type { FaultHooks } from '../fault.ts';
import { onObjects } from '../hooks/objects.ts';

const httpRoute = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' };

/** GRPCRoutes attach to HTTPS listeners only: all others admit HTTPRoutes alone. */
export function httpsOnly(): Required<Pick<FaultHooks, 'input'>> {
  const gateways = onObjects('gateways', withoutGrpc<Gateway>);
  const sets = onObjects('listenerSets', withoutGrpc<ListenerSet>);
  return { input: (input) => sets(gateways(input)) };
}

type Listener = NonNullable<Gateway['spec']['listeners']>[number];

function withoutGrpc<T extends Gateway | ListenerSet>(object: T): T {
  const listeners: readonly Listener[] = object.spec.listeners ?? [];
  return { ...object, spec: { ...object.spec, listeners: listeners.map(admittingHttp) } };
}

/** Kinds that a listener names itself stay as they are, but for GRPCRoute. */
function admittingHttp(listener: Listener): Listener {
  if (listener.protocol !== 'HTTP') return listener;
  const { allowedRoutes } = listener;
  const others = (allowedRoutes?.kinds ?? []).filter((each) => each.kind !== 'GRPCRoute');
  return {
    ...listener,
    allowedRoutes: { ...allowedRoutes, kinds: others.length === 0 ? [httpRoute] : others },
  };
}
