import { keyOf } from '../../../common/object-key.ts';
import type { GrpcRoute } from '../../translate/model/gateway-api.ts';
import type { Objects } from '../../translate/model/types.ts';
import type { Fault, FaultContext, FaultHooks } from '../fault.ts';
import { besideEarlier } from '../hooks/first-seen.ts';

/** Far longer than between two edits that nobody waits between, also on a busy machine. */
const quickMs = 2000;

type Element = Objects[keyof Objects][number];

/** What a user writes, of one kind or another. */
interface Written {
  metadata: { labels?: Record<string, string> };
  spec?: unknown;
  data?: unknown;
}

const textOf = ({ metadata: { labels }, spec, data }: Written): string =>
  JSON.stringify([labels, spec, data]);

/** The object with what was written into it earlier. */
function asWritten<T extends Written>(now: T, { metadata: { labels }, spec, data }: T): T {
  return {
    ...now,
    metadata: { ...now.metadata, ...(labels && { labels }) },
    ...(spec !== undefined && { spec }),
    ...(data !== undefined && { data }),
  };
}

/** An edit that comes soon after another one is not followed. */
function secondLost(kind: keyof Objects, { now }: FaultContext): FaultHooks {
  return besideEarlier<keyof Objects, { text: string; at: number; served: Element }>(
    kind,
    (object, before) => {
      const text = textOf(object);
      if (before === undefined) return { edited: object, keep: { text, at: -Infinity, served: object } };
      const isEdit = text !== before.text;
      const isLost = isEdit && now() - before.at < quickMs;
      const served = isEdit && !isLost ? object : before.served;
      const keep = { text, at: isEdit ? now() : before.at, served };
      return { edited: served === object ? object : asWritten(object, served), keep };
    },
  );
}

const layers: Fault['layers'] = ['status', 'routed', 'backend'];

const kinds: readonly {
  kind: keyof Objects;
  name: string;
  of: string;
  clauses: string[];
  also?: Fault['layers'];
}[] = [
  {
    kind: 'gateways',
    name: 'gateway',
    of: 'a Gateway',
    clauses: ['status-follows-gateway-change', 'gateway-listener-added'],
    also: ['connect', 'programmed'],
  },
  {
    kind: 'listenerSets',
    name: 'listener-set',
    of: 'a ListenerSet',
    clauses: ['listenerset-serves-traffic', 'listenerset-gateway-listeners-not-listed'],
    also: ['connect'],
  },
  {
    kind: 'backendTlsPolicies',
    name: 'policy',
    of: 'a BackendTLSPolicy',
    clauses: ['btls-ca-authenticates'],
  },
  { kind: 'services', name: 'service', of: 'a Service', clauses: ['backend-port-is-service-port'] },
  { kind: 'referenceGrants', name: 'grant', of: 'a ReferenceGrant', clauses: ['refgrant-edit-recomputed'] },
  {
    kind: 'secrets',
    name: 'certificate',
    of: 'a Secret',
    clauses: ['tls-terminate-secret'],
    also: ['tls', 'connect'],
  },
  {
    kind: 'namespaces',
    name: 'namespace',
    of: 'a namespace',
    clauses: ['listener-namespaces-selector-live'],
  },
];

/** Edits that follow one another without a pause. */
export const quickEdits: readonly Fault[] = kinds.map(({ kind, name, of, clauses, also = [] }) => ({
  name: `quick-second-${name}-edit-lost`,
  title: `An edit of ${of} that comes within two seconds of another one is not followed.`,
  clauses,
  layers: [...layers, ...also],
  hooks: (context) => secondLost(kind, context),
}));

/** The second of two changes that come together. */
export const secondOfTwo: readonly Fault[] = [
  {
    name: 'quick-second-edit-lost',
    title: 'An edit of a route that comes within a second of another edit is not followed.',
    clauses: ['grpcroute-update-takes-effect'],
    layers: ['routed', 'backend'],
    hooks: ({ now }) =>
      besideEarlier<'grpcRoutes', { generation: number; at: number; spec: GrpcRoute['spec'] }>(
        'grpcRoutes',
        (route, before) => {
          const { generation = 0 } = route.metadata;
          if (before === undefined || before.generation === generation) {
            const keep = before ?? { generation, at: -Infinity, spec: route.spec };
            return { edited: { ...route, spec: keep.spec }, keep };
          }
          const isQuick = now() - before.at < 1000;
          const spec = isQuick ? before.spec : route.spec;
          return { edited: { ...route, spec }, keep: { generation, at: now(), spec } };
        },
      ),
  },
  {
    name: 'second-of-two-deletions-lost',
    title: 'Of two routes of a namespace that are deleted together one goes on being served.',
    clauses: ['grpcroute-delete-stops-traffic'],
    layers: ['routed', 'backend', 'status'],
    hooks: ({ now }) => {
      const known = new Map<string, GrpcRoute>();
      const kept = new Map<string, GrpcRoute>();
      const lastAt = new Map<string, number>();
      return {
        input: (input) => {
          const there = new Set(input.objects.grpcRoutes.map(keyOf));
          for (const [key, route] of known) {
            if (there.has(key)) continue;
            const { namespace = '' } = route.metadata;
            if (now() - (lastAt.get(namespace) ?? -Infinity) < 200) kept.set(key, route);
            lastAt.set(namespace, now());
            known.delete(key);
          }
          for (const route of input.objects.grpcRoutes) known.set(keyOf(route), route);
          const more = [...kept].flatMap(([key, route]) => (there.has(key) ? [] : route));
          if (more.length === 0) return input;
          const grpcRoutes = [...input.objects.grpcRoutes, ...more];
          return { ...input, objects: { ...input.objects, grpcRoutes } };
        },
      };
    },
  },
];
