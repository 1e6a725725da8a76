import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { ListenerSet } from '../../translate/model/gateway-api.ts';
import type { StatusUpdate } from '../../translate/model/types.ts';
import { parentKeyOf } from '../../translate/gateways/listener-sets.ts';
import { Translator } from '../../translate/translator.ts';
import type { Fault } from '../fault.ts';
import { agesFromClaim, firstAge } from '../hooks/ages.ts';
import { onEntries, onSetConditions, parentOf, well } from '../hooks/listener-sets.ts';
import { mapListeners, onObjectsWith } from '../hooks/objects.ts';

const bornAt = ({ metadata }: ListenerSet): string => String(metadata.creationTimestamp);

/** Conflicts of ListenerSets with each other, and of listeners that have no hostname. */
export const listenerSetConflicts: readonly Fault[] = [
  {
    name: 'listener-set-protocols-of-sets-never-conflict',
    title: 'Two listeners of two ListenerSets with two protocols on one port look healthy.',
    clauses: ['listenerset-protocol-conflict-conditions', 'listenerset-precedence-oldest'],
    layers: ['status'],
    hooks: () => ({
      statuses: onSetConditions((condition) => {
        if (!/ with another protocol by a ListenerSet/.test(condition.message)) return condition;
        return condition.type === 'Conflicted' ? undefined : well(condition);
      }),
    }),
  },
  {
    name: 'listener-set-precedence-reversed-by-protocol',
    title: 'Of two ListenerSets with two protocols on one port the younger wins.',
    clauses: ['listenerset-precedence-oldest', 'listenerset-winner-not-conflicted'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: onEntries((listener, set, { objects }) =>
        objects.listenerSets.some(
          (other) =>
            parentKeyOf(other) === parentKeyOf(set) &&
            bornAt(other) > bornAt(set) &&
            (other.spec.listeners ?? []).some(
              ({ port, protocol }) => port === listener.port && protocol !== listener.protocol,
            ),
        )
          ? undefined
          : listener,
      ),
    }),
  },
  {
    name: 'listener-set-without-hostname-never-conflicts',
    title:
      'A listener of a ListenerSet that has no hostname and repeats one of its Gateway is accepted and takes its calls.',
    clauses: [
      'listener-distinct-required',
      'listenerset-hostname-conflict-conditions',
      'listenerset-precedence-gateway-first',
    ],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: onEntries((listener, set, input) =>
        listener.hostname === undefined &&
        (parentOf(set, input)?.spec.listeners ?? []).some(
          ({ port, protocol, hostname }) =>
            port === listener.port && protocol === listener.protocol && hostname === undefined,
        )
          ? { ...listener, hostname: '*.com' }
          : listener,
      ),
    }),
  },
];

const layers: Fault['layers'] = ['routed', 'backend'];

/** Which of two ListenerSets wins, where one is edited. */
export const claimsOfListenerSets: readonly Fault[] = [
  {
    name: 'incumbent-listener-set-wins',
    title: 'A ListenerSet that is edited to have the listener of a younger one loses to it.',
    clauses: ['listenerset-precedence-oldest', 'listenerset-winner-not-conflicted'],
    layers: [...layers, 'status'],
    hooks: () => agesFromClaim('listenerSets', ({ spec }) => spec.listeners),
  },
];

/** Conflicts of ListenerSets with one name. */
export const namesakes: readonly Fault[] = [
  {
    name: 'listener-set-namesake-conflict-unnoticed',
    title: 'A listener of a ListenerSet that repeats one of the Gateway of its own name looks healthy.',
    clauses: ['listenerset-hostname-conflict-conditions'],
    layers: ['status'],
    hooks: () => ({
      statuses: onSetConditions((condition, entry, { metadata, spec }) => {
        if (entry === undefined || metadata.name !== spec.parentRef.name) return condition;
        if (condition.type === 'Conflicted') return undefined;
        return condition.reason === 'HostnameConflict' ? well(condition) : condition;
      }),
    }),
  },
];

/** Which of two ListenerSets wins, where one is made again. */
export const firstAgeOfSets: readonly Fault[] = [
  {
    name: 'recreated-listener-set-takes-first-age',
    title: 'A ListenerSet that is deleted and made again counts as old as the first of its name.',
    clauses: ['listenerset-precedence-oldest'],
    layers: ['status', 'programmed', 'routed', 'backend', 'connect'],
    hooks: () => firstAge('listenerSets'),
  },
];

/** Leaves out listeners whose certificates are not there where a ListenerSet has a listener of their port and hostname. */
const withoutWaiting = onObjectsWith('gateways', (gateway, { objects }) => {
  const secrets = new Set(objects.secrets.map(keyOf));
  const entries = objects.listenerSets
    .filter((set) => parentKeyOf(set) === keyOf(gateway))
    .flatMap(({ spec }) => spec.listeners ?? []);
  return mapListeners(gateway, (listener) => {
    const refs = listener.tls?.certificateRefs ?? [];
    const isThere = ({ namespace = gateway.metadata.namespace, name }: (typeof refs)[number]): boolean =>
      secrets.has(objectKey(namespace, name));
    const isRepeated = entries.some(
      ({ port, hostname }) => port === listener.port && hostname === listener.hostname,
    );
    return refs.length > 0 && !refs.some(isThere) && isRepeated ? undefined : listener;
  });
});

/** Conflicts with listeners that are not served. */
export const conflictsWithWaiting: readonly Fault[] = [
  {
    name: 'listener-set-takes-place-of-waiting-listener',
    title:
      'A listener of a ListenerSet takes the place of one of its Gateway whose certificate is not there yet.',
    clauses: ['listenerset-precedence-unserved-listener'],
    layers: ['status', 'routed'],
    hooks: () => {
      const healthy = new Translator();
      const isOfGateway = ({ kind }: StatusUpdate): boolean => kind === 'Gateway';
      return {
        input: withoutWaiting,
        statuses: (statuses, input) => [
          ...statuses.filter((update) => !isOfGateway(update)),
          ...healthy.translate(input).statuses.filter(isOfGateway),
        ],
      };
    },
  },
];
