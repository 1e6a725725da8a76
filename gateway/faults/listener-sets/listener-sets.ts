import { keyOf } from '../../../common/object-key.ts';
import type { Gateway, ListenerSet, ReferenceGrant } from '../../translate/model/gateway-api.ts';
import { parentKeyOf, refusal } from '../../translate/gateways/listener-sets.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onTables } from '../hooks/ir.ts';
import { alsoParents, onEntries, onSetStatuses, parentOf, setsOf } from '../hooks/listener-sets.ts';
import { mapSame } from '../hooks/memo.ts';
import { onObjects, uidOf } from '../hooks/objects.ts';
import { onGatewayStatuses } from '../hooks/statuses.ts';

type Namespaces = NonNullable<NonNullable<Gateway['spec']['allowedListeners']>['namespaces']>;

/** Edits which namespaces Gateways take ListenerSets of. */
function allowing(edit: (namespaces: Namespaces) => Namespaces): FaultHooks {
  return {
    input: onObjects('gateways', (gateway) => ({
      ...gateway,
      spec: {
        ...gateway.spec,
        allowedListeners: { namespaces: edit(gateway.spec.allowedListeners?.namespaces ?? {}) },
      },
    })),
  };
}

/** Edits ListenerSets as they are written. */
function onSets(edit: (set: ListenerSet) => ListenerSet): FaultHooks {
  return { input: onObjects('listenerSets', edit) };
}

type From = ReferenceGrant['spec']['from'][number];

/** Adds to what each ReferenceGrant permits, seeing the ListenerSets. */
function alsoGranting(more: (from: From, input: TranslateInput) => From[]): FaultHooks {
  return {
    input: (input) => {
      const referenceGrants = mapSame(input.objects.referenceGrants, (grant) => {
        const added = grant.spec.from.flatMap((from) => more(from, input));
        return { ...grant, spec: { ...grant.spec, from: [...grant.spec.from, ...added] } };
      });
      return { ...input, objects: { ...input.objects, referenceGrants } };
    },
  };
}

const at = (ms: number): string => new Date(ms).toISOString();
const created = ({ metadata }: ListenerSet): number => new Date(metadata.creationTimestamp ?? 0).getTime();
const inFarFuture = Date.UTC(2100, 0, 1);

/** Serves all ListenerSets that the Gateway refuses, and reports them as refused. */
function servedInSecret(): FaultHooks {
  const refusedBy = (set: ListenerSet, input: TranslateInput): ReturnType<typeof refusal> => {
    const gateway = parentOf(set, input);
    const labels = (namespace: string) =>
      input.objects.namespaces.find(({ metadata }) => metadata.name === namespace)?.metadata.labels;
    return gateway === undefined ? undefined : refusal(gateway, set, labels);
  };
  const reported = onSetStatuses((status, set, input) => {
    const problem = refusedBy(set, input);
    if (problem === undefined) return status;
    const conditions = (status.conditions ?? []).map((condition) => ({
      ...condition,
      ...problem,
      status: 'False' as const,
    }));
    return { conditions };
  });
  const counted = onGatewayStatuses((status, gateway, _update, input) => {
    const hidden = setsOf(gateway, input).filter((set) => refusedBy(set, input) !== undefined).length;
    const { attachedListenerSets = 0 } = status;
    return { ...status, attachedListenerSets: Math.max(0, attachedListenerSets - hidden) };
  });
  return {
    ...allowing(() => ({ from: 'All' })),
    statuses: (statuses, input) => counted(reported(statuses, input), input),
  };
}

/** Goes on with ListenerSets that are gone; the Gateway's count leaves them out. */
function ghosts(): FaultHooks {
  const seen = new Map<string, ListenerSet>();
  const goneFrom = ({ objects }: TranslateInput): ListenerSet[] => {
    for (const set of objects.listenerSets) seen.set(keyOf(set), set);
    const there = new Set(objects.listenerSets.map(keyOf));
    return [...seen].filter(([key]) => !there.has(key)).map(([, set]) => set);
  };
  return {
    input: (input) => {
      const gone = goneFrom(input);
      if (gone.length === 0) return input;
      return {
        ...input,
        objects: { ...input.objects, listenerSets: [...input.objects.listenerSets, ...gone] },
      };
    },
    statuses: onGatewayStatuses((status, gateway, _update, input) => {
      const gone = goneFrom(input).filter((set) => parentKeyOf(set) === keyOf(gateway)).length;
      if (gone === 0 || status.attachedListenerSets === undefined) return status;
      return { ...status, attachedListenerSets: status.attachedListenerSets - gone };
    }),
  };
}

/** Which ListenerSets a Gateway takes, in which order, and what their listeners serve. */
export const listenerSets: readonly Fault[] = [
  {
    name: 'listener-sets-allowed-by-default',
    title: 'A Gateway that says nothing about ListenerSets takes those of every namespace.',
    clauses: ['listenerset-default-not-allowed'],
    layers: ['status', 'routed'],
    hooks: () => allowing((namespaces) => ({ from: 'All', ...namespaces })),
  },
  {
    name: 'listener-sets-none-means-same',
    title: 'A Gateway that takes no ListenerSets takes those of its own namespace.',
    clauses: ['listenerset-from-none'],
    layers: ['status', 'routed'],
    hooks: () =>
      allowing((namespaces) => (namespaces.from === 'None' ? { ...namespaces, from: 'Same' } : namespaces)),
  },
  {
    name: 'listener-sets-same-means-all',
    title: 'A Gateway that takes ListenerSets of its own namespace takes those of every namespace.',
    clauses: ['listenerset-from-same'],
    layers: ['status', 'routed'],
    hooks: () =>
      allowing((namespaces) => (namespaces.from === 'Same' ? { ...namespaces, from: 'All' } : namespaces)),
  },
  {
    name: 'listener-sets-all-means-same',
    title: 'A Gateway that takes ListenerSets of every namespace takes those of its own only.',
    clauses: ['listenerset-from-all', 'listenerset-accepted-set'],
    layers: ['status', 'programmed'],
    hooks: () =>
      allowing((namespaces) => (namespaces.from === 'All' ? { ...namespaces, from: 'Same' } : namespaces)),
  },
  {
    name: 'listener-set-selector-ignored',
    title: 'A Gateway that selects ListenerSets by the labels of namespaces takes them all.',
    clauses: ['listenerset-from-selector'],
    layers: ['status', 'routed'],
    hooks: () => allowing((namespaces) => (namespaces.from === 'Selector' ? { from: 'All' } : namespaces)),
  },
  {
    name: 'listener-set-expressions-ignored',
    title: 'Of the selector for ListenerSets only matchLabels is looked at.',
    clauses: ['listenerset-from-selector'],
    layers: ['status', 'routed'],
    hooks: () =>
      allowing(({ selector, ...namespaces }) => ({
        ...namespaces,
        ...(selector && { selector: { matchLabels: selector.matchLabels ?? {} } }),
      })),
  },
  {
    name: 'refused-listener-set-served',
    title: 'A ListenerSet that is reported as not allowed is served all the same.',
    clauses: ['listenerset-default-not-allowed', 'listenerset-from-none', 'listenerset-from-same'],
    layers: ['routed'],
    hooks: servedInSecret,
  },
  {
    name: 'listener-set-precedence-reversed',
    title: 'Of two ListenerSets the younger wins.',
    clauses: ['listenerset-precedence-oldest'],
    layers: ['status', 'programmed', 'routed'],
    hooks: () =>
      onSets((set) => ({
        ...set,
        metadata: { ...set.metadata, creationTimestamp: at(inFarFuture - created(set)) },
      })),
  },
  {
    name: 'listener-set-precedence-by-name',
    title: 'Of two ListenerSets the first by namespace and name wins, whatever their age.',
    clauses: ['listenerset-precedence-oldest'],
    layers: ['status', 'programmed', 'routed'],
    hooks: () =>
      onSets((set) => ({ ...set, metadata: { ...set.metadata, creationTimestamp: at(inFarFuture) } })),
  },
  {
    name: 'listener-set-tie-by-name-alone',
    title: 'Of two equally old ListenerSets the first by name wins, whatever its namespace.',
    clauses: ['listenerset-precedence-alphabetical'],
    layers: ['status', 'programmed', 'routed'],
    hooks: () =>
      onSets((set) => ({
        ...set,
        metadata: {
          ...set.metadata,
          creationTimestamp: at(created(set) + set.metadata.name.charCodeAt(0)),
        },
      })),
  },
  {
    name: 'listener-set-tie-by-arrival',
    title: 'Of two equally old ListenerSets the one wins that was seen first.',
    clauses: ['listenerset-precedence-alphabetical'],
    layers: ['status', 'programmed', 'routed'],
    hooks: () => {
      const arrived = new Map<string | undefined, number>();
      return onSets((set) => {
        const order = arrived.get(uidOf(set)) ?? arrived.size;
        arrived.set(uidOf(set), order);
        return {
          ...set,
          metadata: { ...set.metadata, creationTimestamp: at(created(set) + order) },
        };
      });
    },
  },
  {
    name: 'gateway-gives-way-to-listener-set',
    title: 'Of a Gateway and a ListenerSet with one listener the ListenerSet wins.',
    clauses: ['listenerset-precedence-gateway-first', 'listenerset-gateway-status-not-polluted'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: (input) => {
        const gateways = mapSame(input.objects.gateways, (gateway) => {
          const taken = setsOf(gateway, input).flatMap(({ spec }) => spec.listeners ?? []);
          const listeners = gateway.spec.listeners?.filter(
            ({ port, hostname }) =>
              !taken.some((other) => other.port === port && other.hostname === hostname),
          );
          return { ...gateway, spec: { ...gateway.spec, ...(listeners && { listeners }) } };
        });
        return { ...input, objects: { ...input.objects, gateways } };
      },
    }),
  },
  {
    name: 'listener-set-names-clash',
    title: 'A listener of a ListenerSet whose name the Gateway uses too is left out.',
    clauses: ['listenerset-duplicate-names-across-sets'],
    layers: ['status', 'programmed', 'routed'],
    hooks: () => ({
      input: onEntries((listener, set, input) =>
        (parentOf(set, input)?.spec.listeners ?? []).some(({ name }) => name === listener.name)
          ? undefined
          : listener,
      ),
    }),
  },
  {
    name: 'gateway-route-reaches-listener-sets',
    title: 'A route of a Gateway is served on the listeners of its ListenerSets too.',
    clauses: ['listenerset-gateway-parent-excludes-sets'],
    layers: ['routed', 'status'],
    hooks: () =>
      alsoParents((ref, route, input) => {
        if ((ref.kind ?? 'Gateway') !== 'Gateway' || ref.sectionName !== undefined) return [];
        const key = `${ref.namespace ?? route.metadata.namespace ?? ''}/${ref.name}`;
        return input.objects.listenerSets
          .filter((set) => parentKeyOf(set) === key)
          .map(({ metadata: { name, namespace } }) => ({
            kind: 'ListenerSet',
            name,
            ...(namespace !== undefined && { namespace }),
          }));
      }),
  },
  {
    name: 'listener-set-route-reaches-gateway',
    title: 'A route of a ListenerSet is served on the listeners of its Gateway too.',
    clauses: ['listenerset-route-no-section-all', 'listenerset-attachedroutes'],
    layers: ['routed', 'status'],
    hooks: () =>
      alsoParents((ref, route, input) => {
        if (ref.kind !== 'ListenerSet' || ref.sectionName !== undefined) return [];
        const key = `${ref.namespace ?? route.metadata.namespace ?? ''}/${ref.name}`;
        const set = input.objects.listenerSets.find((each) => keyOf(each) === key);
        const gateway = set && parentOf(set, input);
        if (gateway === undefined) return [];
        const { name, namespace = '' } = gateway.metadata;
        return [{ kind: 'Gateway', name, namespace }];
      }),
  },
  {
    name: 'listener-set-section-ignored',
    title: 'A route that names one listener of a ListenerSet is served on all of them.',
    clauses: ['listenerset-route-section', 'listenerset-attachedroutes'],
    layers: ['routed', 'status'],
    hooks: () =>
      alsoParents(({ sectionName, ...ref }) =>
        ref.kind === 'ListenerSet' && sectionName !== undefined ? [ref] : [],
      ),
  },
  {
    name: 'listener-set-routes-of-gateways-namespace',
    title: 'Routes of the same namespace, for a ListenerSet, are those of the namespace of its Gateway.',
    clauses: ['listenerset-allowed-routes-namespaces'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: onEntries((listener, set, input) => {
        if ((listener.allowedRoutes?.namespaces?.from ?? 'Same') !== 'Same') return listener;
        const namespace = parentOf(set, input)?.metadata.namespace ?? '';
        const selector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
        return {
          ...listener,
          allowedRoutes: { ...listener.allowedRoutes, namespaces: { from: 'Selector', selector } },
        };
      }),
    }),
  },
  {
    name: 'listener-set-hostname-ignored',
    title: 'Listeners of ListenerSets take every host of their domain.',
    clauses: ['listenerset-hostname-semantics'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: onEntries((listener) =>
        listener.hostname === undefined || listener.hostname.startsWith('*')
          ? listener
          : { ...listener, hostname: listener.hostname.replace(/^[^.]*/, '*') },
      ),
    }),
  },
  {
    name: 'listener-set-port-not-opened',
    title: 'A port that only a ListenerSet has is not opened.',
    clauses: ['listenerset-serves-traffic'],
    layers: ['connect', 'programmed'],
    hooks: () => {
      const own = new Map<string, Set<number>>();
      return {
        input: (input) => {
          for (const gateway of input.objects.gateways) {
            own.set(keyOf(gateway), new Set(gateway.spec.listeners?.map(({ port }) => port)));
          }
          return input;
        },
        ir: (ir) => {
          const ports = ir.ports.filter(({ port }) => own.get(ir.key)?.has(port) === true);
          return ports.length === ir.ports.length ? ir : { ...ir, ports };
        },
      };
    },
  },
  {
    name: 'listener-set-surplus-not-served',
    title: 'Of more than 64 listeners of one Gateway the rest is Accepted and not served.',
    clauses: ['listenerset-more-than-64'],
    layers: ['routed'],
    hooks: () => ({ ir: onTables((table) => ({ ...table, hosts: table.hosts.slice(0, 64) })) }),
  },
  {
    name: 'listener-sets-beyond-eight-unserved',
    title: 'Of more than eight ListenerSets of one Gateway the rest is not looked at.',
    clauses: ['listenerset-serves-traffic', 'listenerset-more-than-64'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: (input) => {
        const listenerSets = input.objects.gateways.flatMap((gateway) => setsOf(gateway, input).slice(0, 8));
        return { ...input, objects: { ...input.objects, listenerSets } };
      },
    }),
  },
  {
    name: 'deleted-listener-set-served',
    title: 'The listeners of a ListenerSet that was deleted go on.',
    clauses: ['listenerset-serves-traffic', 'listenerset-conflict-released'],
    layers: ['routed', 'connect', 'status'],
    hooks: ghosts,
  },
  {
    name: 'listener-set-uses-grants-of-gateway',
    title: 'A ReferenceGrant to the Gateways of a namespace helps their ListenerSets.',
    clauses: ['listenerset-grant-not-inherited'],
    layers: ['status', 'programmed', 'tls'],
    hooks: () =>
      alsoGranting((from, input) =>
        from.kind !== 'Gateway'
          ? []
          : input.objects.listenerSets
              .filter((set) => parentOf(set, input)?.metadata.namespace === from.namespace)
              .map((set) => ({ ...from, kind: 'ListenerSet', namespace: set.metadata.namespace ?? '' })),
      ),
  },
  {
    name: 'gateway-uses-grants-of-listener-set',
    title: 'A ReferenceGrant to the ListenerSets of a namespace helps their Gateways.',
    clauses: ['listenerset-grant-not-shared-upward'],
    layers: ['status', 'programmed', 'tls'],
    hooks: () =>
      alsoGranting((from, input) =>
        from.kind !== 'ListenerSet'
          ? []
          : input.objects.listenerSets
              .filter((set) => set.metadata.namespace === from.namespace)
              .map((set) => ({
                ...from,
                kind: 'Gateway',
                namespace: parentOf(set, input)?.metadata.namespace ?? '',
              })),
      ),
  },
  {
    name: 'listener-set-grants-ignored',
    title: 'A ReferenceGrant to ListenerSets is not looked at.',
    clauses: ['listenerset-grant-works'],
    layers: ['status', 'programmed', 'tls'],
    hooks: () => ({
      input: onObjects('referenceGrants', (grant) => ({
        ...grant,
        spec: { ...grant.spec, from: grant.spec.from.filter(({ kind }) => kind !== 'ListenerSet') },
      })),
    }),
  },
  {
    name: 'listener-set-secrets-of-gateways-namespace',
    title: 'The certificates of a ListenerSet are looked for in the namespace of its Gateway.',
    clauses: ['listenerset-secret-own-namespace'],
    layers: ['status', 'programmed', 'tls'],
    hooks: () => ({
      input: onEntries((listener, set, input) => {
        if (listener.tls?.certificateRefs === undefined) return listener;
        const namespace = parentOf(set, input)?.metadata.namespace ?? '';
        const certificateRefs = listener.tls.certificateRefs.map((ref) => ({ namespace, ...ref }));
        return { ...listener, tls: { ...listener.tls, certificateRefs } };
      }),
    }),
  },
];
