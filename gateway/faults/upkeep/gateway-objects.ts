import type { Fault, FaultHooks } from '../fault.ts';
import { onObjects } from '../hooks/objects.ts';
import { onConditions } from '../hooks/statuses.ts';

interface Metadata {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

const layers: Fault['layers'] = ['programmed', 'status'];

/** Edits the labels and annotations of what is generated for a Gateway. */
function onMetadata(edit: (metadata: Metadata) => void): FaultHooks {
  return {
    proxyObjects: (objects) =>
      objects.map((applied) => {
        const object = structuredClone(applied.object);
        edit(object.metadata as Metadata);
        return { ...applied, object };
      }),
  };
}

/** What is made for a Gateway, and what its status says when all is well. */
export const gatewayObjects: readonly Fault[] = [
  {
    name: 'infrastructure-labels-ignored',
    title: 'Labels of spec.infrastructure are not on what is generated for the Gateway.',
    clauses: ['gateway-infrastructure-labels'],
    layers,
    hooks: () => ({
      input: onObjects('gateways', (gateway) => {
        const { labels: _labels, ...infrastructure } = gateway.spec.infrastructure ?? {};
        return { ...gateway, spec: { ...gateway.spec, infrastructure } };
      }),
      proxyObjects: (objects) =>
        objects.map((applied) => {
          const object = structuredClone(applied.object);
          const { labels } = object.metadata as Metadata;
          delete labels?.['cost-centre'];
          return { ...applied, object };
        }),
    }),
  },
  {
    name: 'infrastructure-annotations-ignored',
    title: 'Annotations of spec.infrastructure are not on what is generated for the Gateway.',
    clauses: ['gateway-infrastructure-annotations'],
    layers,
    hooks: () =>
      onMetadata((metadata) => {
        delete metadata.annotations;
      }),
  },
  {
    name: 'generated-without-class-label',
    title: 'What is generated for a Gateway does not say its class.',
    clauses: ['gateway-generated-class-label'],
    layers,
    hooks: () =>
      onMetadata(({ labels }) => {
        delete labels?.['gateway.networking.k8s.io/gateway-class-name'];
      }),
  },
  {
    name: 'generated-without-name-label',
    title: 'What is generated for a Gateway does not say for which one.',
    clauses: ['gateway-generated-name-label'],
    layers,
    hooks: () =>
      onMetadata(({ labels }) => {
        delete labels?.['gateway.networking.k8s.io/gateway-name'];
      }),
  },
  {
    name: 'gateway-programmed-wrong-reason',
    title: 'The reason of Programmed=True of a Gateway is Ready.',
    clauses: ['gateway-programmed-true'],
    layers,
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'gateway' && condition.type === 'Programmed' && condition.status === 'True'
          ? { ...condition, reason: 'Ready' }
          : condition,
      ),
    }),
  },
  {
    name: 'gateway-accepted-wrong-reason',
    title: 'The reason of Accepted=True of a Gateway is Valid.',
    clauses: ['gateway-accepted-true'],
    layers,
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'gateway' && condition.type === 'Accepted' && condition.reason === 'Accepted'
          ? { ...condition, reason: 'Valid' }
          : condition,
      ),
    }),
  },
  {
    name: 'listener-resolvedrefs-missing',
    title: 'Listeners carry no ResolvedRefs when all is well.',
    clauses: ['listener-resolvedrefs-true'],
    layers,
    hooks: () => ({
      statuses: onConditions((condition, { level, object }) =>
        level === 'listener' &&
        object.metadata.name !== 'shared' &&
        condition.type === 'ResolvedRefs' &&
        condition.status === 'True'
          ? undefined
          : condition,
      ),
    }),
  },
];
