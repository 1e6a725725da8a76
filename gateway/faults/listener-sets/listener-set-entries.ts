import { keyOf } from '../../../common/object-key.ts';
import type { Condition, ListenerStatus } from '../../translate/model/gateway-api.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onEntries, onEntryStatuses, well } from '../hooks/listener-sets.ts';
import { permittedBut } from '../hooks/near-grants.ts';
import type { Reference } from '../hooks/near-grants.ts';

/** Listeners of ListenerSets look healthy where one of their conditions is so. */
function healthyWhere(isSo: (condition: Condition) => boolean): FaultHooks {
  return {
    statuses: onEntryStatuses((entry): ListenerStatus =>
      entry.conditions.some(isSo) ? { ...entry, conditions: entry.conditions.map(well) } : entry,
    ),
  };
}

/** Listeners of ListenerSets that are wrong by themselves. */
export const listenerSetEntries: readonly Fault[] = [
  {
    name: 'listener-set-missing-certificate-unreported',
    title: 'A listener of a ListenerSet whose certificate is missing looks healthy.',
    clauses: ['tls-secret-nonexistent'],
    layers: ['status'],
    hooks: () =>
      healthyWhere(
        ({ reason, message }) => reason === 'InvalidCertificateRef' && message.includes('does not exist'),
      ),
  },
  {
    name: 'listener-set-malformed-certificate-unreported',
    title: 'A listener of a ListenerSet whose certificate is malformed looks healthy.',
    clauses: ['tls-secret-malformed'],
    layers: ['status'],
    hooks: () =>
      healthyWhere(
        ({ reason, message }) => reason === 'InvalidCertificateRef' && message.includes('no readable'),
      ),
  },
  {
    name: 'listener-set-without-tls-programmed',
    title: 'A listener of a ListenerSet with HTTPS and without TLS settings looks healthy.',
    clauses: ['tls-config-missing'],
    layers: ['status', 'programmed'],
    hooks: () => healthyWhere(({ reason }) => reason === 'InvalidTLSConfig'),
  },
  {
    name: 'listener-set-entry-ready-written',
    title: 'Listeners of ListenerSets carry a Ready condition, which is reserved.',
    clauses: ['gateway-ready-not-used'],
    layers: ['status'],
    hooks: () => ({
      statuses: onEntryStatuses((entry, { metadata: { generation } }, { now }) => {
        const ready: Condition = {
          type: 'Ready',
          status: 'True',
          reason: 'Ready',
          message: 'Listener is ready',
          ...(generation !== undefined && { observedGeneration: generation }),
          lastTransitionTime: now,
        };
        const others = entry.conditions.filter(({ type }) => type !== ready.type);
        return { ...entry, conditions: [...others, ready] };
      }),
    }),
  },
  {
    name: 'listener-set-unsupported-protocol-unreported',
    title: 'A listener of a ListenerSet with a protocol that nobody knows looks healthy.',
    clauses: ['listener-unsupported-protocol'],
    layers: ['status'],
    hooks: () => healthyWhere(({ reason }) => reason === 'UnsupportedProtocol'),
  },
  {
    name: 'listener-set-later-certificate-unnoticed',
    title:
      'A Secret that is created after the ListenerSet that names it is not noticed until that is edited.',
    clauses: ['tls-secret-recovers'],
    layers: ['status', 'programmed', 'tls', 'connect'],
    hooks: () => {
      const missed = new Set<string>();
      return {
        input: onEntries((listener, set, { objects }) => {
          const known = new Set(objects.secrets.map(keyOf));
          const certificateRefs = (listener.tls?.certificateRefs ?? []).map((ref) => {
            const key = `${ref.namespace ?? set.metadata.namespace}/${ref.name}`;
            const id = `${keyOf(set)} ${set.metadata.generation} ${key}`;
            if (!known.has(key)) missed.add(id);
            return missed.has(id) ? { ...ref, name: `${ref.name}-missed` } : ref;
          });
          return certificateRefs.some(({ name }) => name.endsWith('-missed'))
            ? { ...listener, tls: { ...listener.tls, certificateRefs } }
            : listener;
        }),
      };
    },
  },
];

function certificatesOfSetsAbroad({ objects }: TranslateInput): Reference[] {
  return objects.listenerSets.flatMap(({ metadata: { namespace: own = '' }, spec }) =>
    (spec.listeners ?? [])
      .flatMap(({ tls }) => tls?.certificateRefs ?? [])
      .flatMap(({ namespace = own, name }): Reference[] =>
        namespace === own
          ? []
          : [{ from: { kind: 'ListenerSet', namespace: own }, to: { kind: 'Secret', namespace, name } }],
      ),
  );
}

/** Certificates of ListenerSets in other namespaces. */
export const setCertificateGrants: readonly Fault[] = [
  {
    name: 'set-certificate-grant-from-namespace-ignored',
    title: 'A grant for the ListenerSets of one namespace permits the certificates of every other the same.',
    clauses: ['refgrant-wrong-from-namespace'],
    layers: ['status', 'tls'],
    hooks: () => permittedBut('the namespace that refers', certificatesOfSetsAbroad),
  },
];
