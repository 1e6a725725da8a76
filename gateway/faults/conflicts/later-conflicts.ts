import { keyOf } from '../../../common/object-key.ts';
import type { Gateway, Listener } from '../../translate/model/gateway-api.ts';
import { parentKeyOf } from '../../translate/gateways/listener-sets.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { agesFromClaim, firstAge } from '../hooks/ages.ts';
import { besideEarlier } from '../hooks/first-seen.ts';
import { mapListeners, onObjectsWith, withListeners } from '../hooks/objects.ts';
import { unseen } from '../hooks/unseen.ts';

/** Who of two kinds wins, where one is edited. */
export const claimsOfKinds: readonly Fault[] = [
  {
    name: 'incumbent-keeps-hostname',
    title: 'An HTTPRoute that is edited to name the hostname of a younger GRPCRoute is refused for it.',
    clauses: ['hostname-conflict-oldest-wins', 'hostname-conflict-exactly-one'],
    layers: ['routed', 'backend', 'status'],
    hooks: () => agesFromClaim('httpRoutes', ({ spec }) => spec.hostnames),
  },
];

const layers: Fault['layers'] = ['status', 'routed', 'backend'];

const protocolsOf = (listeners: readonly Listener[], port: number): number =>
  new Set(listeners.filter((each) => each.port === port).map(({ protocol }) => protocol)).size;

/** Of listeners that an edit brings into conflict those are served that were alone on the port before. */
function firstOfPortServed(): FaultHooks {
  const placeOf = ({ name, port, protocol }: Listener): string => `${name} ${port} ${protocol}`;
  const { input = (same) => same } = besideEarlier<'gateways', Set<string>>(
    'gateways',
    (gateway, before = new Set()) => {
      const written = gateway.spec.listeners ?? [];
      const isContested = ({ port }: Listener): boolean => protocolsOf(written, port) > 1;
      const isFirst = (listener: Listener): boolean => before.has(placeOf(listener));
      const listeners = written.filter(
        (listener) =>
          !isContested(listener) ||
          isFirst(listener) ||
          !written.some((other) => other.port === listener.port && isFirst(other)),
      );
      const served = listeners.filter((listener) => protocolsOf(listeners, listener.port) === 1);
      return { edited: withListeners(gateway, listeners), keep: new Set(served.map(placeOf)) };
    },
  );
  return unseen(input);
}

/** A Gateway that is left without a listener of ours is served as it was. */
function servedThoughRefused(): FaultHooks {
  const { input } = besideEarlier<'gateways', Gateway | undefined>('gateways', (gateway, valid) => {
    const isValid = (gateway.spec.listeners ?? []).some(({ protocol }) => /^HTTPS?$/.test(protocol));
    const keep = isValid ? gateway : valid;
    return { edited: keep === undefined ? gateway : { ...gateway, spec: keep.spec }, keep };
  });
  return unseen((all) => input?.(all) ?? all);
}

/** Conflicts, and refusals, that an edit brings about. */
export const laterConflicts: readonly Fault[] = [
  {
    name: 'later-conflict-unnoticed',
    title: 'A listener that is edited to be on the port of one of another protocol stays where it was.',
    clauses: ['listener-conflicted-condition', 'listener-conflicted-no-winner', 'listener-distinct-required'],
    layers: [...layers, 'connect', 'programmed'],
    hooks: () =>
      besideEarlier<'gateways', Listener[]>('gateways', (gateway, before = []) => {
        const written = gateway.spec.listeners ?? [];
        const listeners = written.map((listener) => {
          const had = before.find(({ name }) => name === listener.name);
          const isNew = had !== undefined && had.port !== listener.port;
          return isNew && protocolsOf(written, listener.port) > 1
            ? { ...listener, port: had.port }
            : listener;
        });
        return { edited: withListeners(gateway, listeners), keep: listeners };
      }),
  },
  {
    name: 'later-conflict-served',
    title: 'A listener that comes into conflict by an edit of another one says so, and goes on serving.',
    clauses: ['listener-conflicted-no-winner', 'listener-conflicted-not-accepted'],
    layers: [...layers, 'connect'],
    hooks: firstOfPortServed,
  },
  {
    name: 'refused-gateway-served',
    title:
      'A Gateway that an edit leaves without a valid listener is refused, and goes on serving as before.',
    clauses: ['gateway-listenersnotvalid-none-valid', 'parentref-no-listener-accepts-detached'],
    layers: ['routed', 'backend', 'connect'],
    hooks: servedThoughRefused,
  },
  {
    name: 'later-gateway-listener-loses-to-listener-set',
    title: 'A listener that a Gateway gets later loses to one of a ListenerSet that was there before.',
    clauses: ['listenerset-precedence-gateway-first', 'listenerset-hostname-conflict-conditions'],
    layers,
    hooks: () => {
      const taken = new Map<string, Set<string>>();
      const first = new Map<string, Set<string>>();
      const placeOf = ({ port, hostname = '' }: Listener): string => `${port} ${hostname}`;
      return {
        input: (input) => {
          const edited = onObjectsWith('gateways', (gateway) => {
            const key = keyOf(gateway);
            const had = first.get(key) ?? new Set((gateway.spec.listeners ?? []).map(placeOf));
            first.set(key, had);
            return mapListeners(gateway, (listener) =>
              had.has(placeOf(listener)) || taken.get(key)?.has(placeOf(listener)) !== true
                ? listener
                : undefined,
            );
          })(input);
          for (const set of input.objects.listenerSets) {
            const key = parentKeyOf(set) ?? '';
            const places = taken.get(key) ?? new Set();
            for (const listener of set.spec.listeners ?? []) places.add(placeOf(listener));
            taken.set(key, places);
          }
          return edited;
        },
      };
    },
  },
];

/** Who of two kinds wins, where one is made again. */
export const firstAgeOfRoutes: readonly Fault[] = [
  {
    name: 'recreated-winner-wins-again',
    title: 'An HTTPRoute that is deleted and made again takes its hostname back from a GRPCRoute.',
    clauses: ['hostname-conflict-oldest-wins'],
    layers: ['status', 'programmed', 'routed', 'backend', 'connect'],
    hooks: () => firstAge('httpRoutes'),
  },
];
