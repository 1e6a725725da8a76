import type { Issue, Rule } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { hasListeners, isListenerSet } from '../world.ts';
import type { ListenerSpec, World } from '../world.ts';

/** Listeners of one Gateway, and of the ListenerSets that add to it, that take each other's connections. */
export const listenerConflictRules: Rule[] = [
  {
    id: 'listener-protocol-conflict',
    level: 'error',
    clause: 'listener-conflicted-protocol-reason',
    check: protocolConflicts,
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

function setConflicts({ object }: SourceObject, world: World): Issue[] {
  if (!isListenerSet(object)) return [];
  const { namespace = world.namespaceOf(object), name } = object.spec?.parentRef ?? {};
  const gateway = world.find('Gateway', namespace, name)?.object;
  if (gateway === undefined || !hasListeners(gateway)) return [];
  return (object.spec?.listeners ?? []).flatMap((listener, index): Issue[] => {
    const rival = (gateway.spec?.listeners ?? []).find(
      (other) => other.port === listener.port && (clash(listener, other) || isSame(listener, other)),
    );
    if (rival === undefined) return [];
    return [
      {
        path: ['spec', 'listeners', index, 'port'],
        message: `listener ${rival.name ?? ''} of Gateway ${name ?? ''} has the port already: this one will be Conflicted`,
        fix: 'give it another port, or a hostname of its own with the same protocol',
        ...(isSame(listener, rival) ? {} : { clause: 'listenerset-protocol-conflict-conditions' }),
      },
    ];
  });
}

/** Whether connections to one port cannot be told apart by protocol: HTTPS and TLS can, by server name. */
function clash({ protocol: a = '' }: ListenerSpec, { protocol: b = '' }: ListenerSpec): boolean {
  const overTls = new Set(['HTTPS', 'TLS']);
  const known = ['HTTP', 'HTTPS', 'TLS', 'TCP'];
  if (a === b || !known.includes(a) || !known.includes(b)) return false;
  return !(overTls.has(a) && overTls.has(b));
}

function isSame(one: ListenerSpec, other: ListenerSpec): boolean {
  return one.protocol === other.protocol && (one.hostname ?? '') === (other.hostname ?? '');
}
