import { describeObject } from '../../../common/object-key.ts';
import type { Issue, Rule } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { addTo, hasListeners, isGateway, isListenerSet, perWorld } from '../world.ts';
import type { ListenerSetObject, ListenerSpec, World } from '../world.ts';
import { earlierThan } from './earlier.ts';
import { gatewayOf, parentOf, takesSet } from './parents.ts';

/** Listeners of one Gateway, and of the ListenerSets that add to it, that take each other's connections. */
export const listenerConflictRules: Rule[] = [
  {
    id: 'listener-protocol-conflict',
    level: 'error',
    clause: 'listener-conflicted-protocol-reason',
    check: protocolConflicts,
  },
  {
    id: 'listener-shared-by-tls',
    level: 'warning',
    clause: 'listener-distinct-required',
    check: sharedNames,
  },
  {
    id: 'listenerset-conflict',
    level: 'error',
    clause: 'listenerset-hostname-conflict-conditions',
    check: setConflicts,
  },
];

function protocolConflicts({ object }: SourceObject): Issue[] {
  if (!hasListeners(object)) return [];
  const { listeners = [] } = object.spec ?? {};
  return listeners.flatMap((listener, index): Issue[] => {
    const rival = listeners.find((other) => other.port === listener.port && clash(listener, other));
    // Both are refused: it is told once, at the later one.
    if (rival === undefined || listeners.indexOf(rival) > index) return [];
    const isTcp = [rival.protocol, listener.protocol].includes('TCP');
    return [
      {
        path: ['spec', 'listeners', index, 'protocol'],
        message: `listener ${rival.name ?? ''} has protocol ${rival.protocol ?? ''} on port ${String(listener.port)}: both will be Conflicted, and neither Accepted`,
        fix: 'give one of them another port',
        ...(isTcp ? { clause: 'listener-tcp-shares-port' } : {}),
      },
    ];
  });
}

/** HTTPS and TLS on one port are told apart by server name alone. Told at the later one. */
function sharedNames({ object }: SourceObject): Issue[] {
  if (!hasListeners(object)) return [];
  const { listeners = [] } = object.spec ?? {};
  return listeners.flatMap((listener, index): Issue[] => {
    const { port, protocol, hostname = '' } = listener;
    const rival = listeners
      .slice(0, index)
      .find(
        (other) =>
          other.port === port &&
          other.protocol !== protocol &&
          areOverTls(listener, other) &&
          sameHostname(listener, other),
      );
    if (rival === undefined) return [];
    return [
      {
        path: ['spec', 'listeners', index, 'hostname'],
        message: `listener ${rival.name ?? ''} has protocol ${rival.protocol ?? ''} on port ${String(port)} for ${hostname === '' ? 'any hostname' : hostname}, too: which of the two takes a connection is not known`,
        fix: 'give one of them another port, or a hostname of its own',
      },
    ];
  });
}

/** Of two sets it is told at the later one in the files; which of them will be the older one is not known. */
function setConflicts({ object }: SourceObject, world: World): Issue[] {
  if (!isListenerSet(object) || isRefused(object, world)) return [];
  const gateway = gatewayOf(object, world);
  const owners = [...(gateway === undefined ? [] : [gateway]), ...earlierSets(object, world)];
  const rivals = owners.flatMap((owner) =>
    (owner.spec?.listeners ?? []).map((listener) => ({ owner, listener })),
  );
  return (object.spec?.listeners ?? []).flatMap((listener, index): Issue[] => {
    const rival = rivals.find(
      ({ listener: other }) =>
        other.port === listener.port && (clash(listener, other) || isSame(listener, other)),
    );
    if (rival === undefined) return [];
    const loser = isGateway(rival.owner) ? 'this one' : 'that of the younger set';
    return [
      {
        path: ['spec', 'listeners', index, 'port'],
        message: `listener ${rival.listener.name ?? ''} of ${describeObject(rival.owner)} has the port already: ${loser} will be Conflicted`,
        fix: 'give it another port, or a hostname of its own with the same protocol',
        ...(isSame(listener, rival.listener) ? {} : { clause: 'listenerset-protocol-conflict-conditions' }),
      },
    ];
  });
}

/** Of the same Gateway. One that is written twice is one set. */
function earlierSets(set: ListenerSetObject, world: World): ListenerSetObject[] {
  const sets = setsByParent(world).get(parentKey(set, world)) ?? [];
  const alike = new Set<object>(world.alike(set).map(({ object }) => object));
  return earlierThan(sets, set).filter((other) => !alike.has(other));
}

/** Those that their Gateway takes, as far as that is known. */
const setsByParent = perWorld((world) => {
  const sets = new Map<string, ListenerSetObject[]>();
  for (const { object } of world.ofKind('ListenerSet'))
    if (isListenerSet(object) && !isRefused(object, world)) addTo(sets, parentKey(object, world), object);
  return sets;
});

function parentKey(set: ListenerSetObject, world: World): string {
  return JSON.stringify(parentOf(set, world));
}

function isRefused(set: ListenerSetObject, world: World): boolean {
  const gateway = gatewayOf(set, world);
  return gateway !== undefined && !takesSet(gateway, set, world);
}

/** Whether connections to one port cannot be told apart by protocol: HTTPS and TLS can, by server name. */
function clash(one: ListenerSpec, other: ListenerSpec): boolean {
  const [a = '', b = ''] = [one.protocol, other.protocol];
  const known = ['HTTP', 'HTTPS', 'TLS', 'TCP'];
  if (a === b || !known.includes(a) || !known.includes(b)) return false;
  return !areOverTls(one, other);
}

function areOverTls({ protocol: a = '' }: ListenerSpec, { protocol: b = '' }: ListenerSpec): boolean {
  const overTls = new Set(['HTTPS', 'TLS']);
  return overTls.has(a) && overTls.has(b);
}

function isSame(one: ListenerSpec, other: ListenerSpec): boolean {
  return one.protocol === other.protocol && sameHostname(one, other);
}

function sameHostname(one: ListenerSpec, other: ListenerSpec): boolean {
  return (one.hostname ?? '') === (other.hostname ?? '');
}
