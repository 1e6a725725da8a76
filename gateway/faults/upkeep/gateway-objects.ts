import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { AppliedObject } from '../../dataplane/proxy-objects.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onObjects } from '../hooks/objects.ts';
import { onConditions } from '../hooks/statuses.ts';

interface Metadata {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { name: string }[];
}

function filtered(
  values: Record<string, string> = {},
  stays: (key: string, value: string) => boolean,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([key, value]) => stays(key, value)));
}

const layers: Fault['layers'] = ['programmed', 'status'];

/** Edits the labels and annotations of what is generated for a Gateway. */
function onMetadata(edit: (metadata: Metadata, object: AppliedObject['object']) => void): FaultHooks {
  return {
    proxyObjects: (objects) =>
      objects.map((applied) => {
        const object = structuredClone(applied.object);
        edit(object.metadata as Metadata, object);
        return { ...applied, object };
      }),
  };
}

/** Takes a label off all that is generated for a Gateway but the Service; pods keep theirs. */
function onServiceOnly(label: string): FaultHooks {
  return onMetadata(({ labels }, { kind }) => {
    if (kind !== 'Service') delete labels?.[label];
  });
}

/** What was once written there stays. */
function keeping(where: 'labels' | 'annotations'): FaultHooks {
  const had = new Map<string, Record<string, string>>();
  return onMetadata((metadata, object) => {
    const id = `${object.kind} ${keyOf(object)}`;
    metadata[where] = { ...had.get(id), ...metadata[where] };
    had.set(id, metadata[where]);
  });
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
    name: 'name-label-on-service-only',
    title: 'Of what is generated for a Gateway only the Service says for which one.',
    clauses: ['gateway-generated-name-label'],
    layers,
    hooks: () => onServiceOnly('gateway.networking.k8s.io/gateway-name'),
  },
  {
    name: 'class-label-on-service-only',
    title: 'Of what is generated for a Gateway only the Service says its class.',
    clauses: ['gateway-generated-class-label'],
    layers,
    hooks: () => onServiceOnly('gateway.networking.k8s.io/gateway-class-name'),
  },
  {
    name: 'service-of-former-class-kept',
    title: 'The Service that is generated for a Gateway stays when the Gateway moves to another class.',
    clauses: ['gateway-deleted-resources-removed', 'gateway-generated-class-label'],
    layers,
    // What is left of a proxy is found by this label.
    hooks: () =>
      onMetadata(({ labels }, { kind }) => {
        if (kind === 'Service') delete labels?.['app.kubernetes.io/managed-by'];
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
  {
    name: 'infrastructure-labels-win',
    title:
      'A label of spec.infrastructure takes the place of the one that says for which Gateway an object is.',
    clauses: ['gateway-generated-name-label'],
    layers,
    hooks: () => {
      const written = new Map<string, Record<string, string>>();
      return {
        input: (input) => {
          for (const gateway of input.objects.gateways)
            written.set(keyOf(gateway), gateway.spec.infrastructure?.labels ?? {});
          return input;
        },
        ...onMetadata((metadata, { metadata: { namespace } }) => {
          const owner = objectKey(namespace, metadata.ownerReferences?.[0]?.name ?? '');
          metadata.labels = { ...metadata.labels, ...written.get(owner) };
        }),
      };
    },
  },
  {
    name: 'removed-infrastructure-labels-kept',
    title: 'A label that is taken out of spec.infrastructure stays on what is generated for the Gateway.',
    clauses: ['gateway-infrastructure-removed'],
    layers,
    hooks: () => keeping('labels'),
  },
  {
    name: 'removed-infrastructure-annotations-kept',
    title:
      'An annotation that is taken out of spec.infrastructure stays on what is generated for the Gateway.',
    clauses: ['gateway-infrastructure-removed'],
    layers,
    hooks: () => keeping('annotations'),
  },
  {
    name: 'empty-infrastructure-values-dropped',
    title: 'Labels and annotations of spec.infrastructure without a value are left out.',
    clauses: ['gateway-infrastructure-labels', 'gateway-infrastructure-annotations'],
    layers,
    hooks: () =>
      onMetadata((metadata) => {
        for (const where of ['labels', 'annotations'] as const)
          metadata[where] = filtered(metadata[where], (_key, value) => value !== '');
      }),
  },
  {
    name: 'infrastructure-labels-beyond-four-dropped',
    title: 'Of the labels of spec.infrastructure the first four are on what is generated for the Gateway.',
    clauses: ['gateway-infrastructure-labels'],
    layers,
    hooks: () =>
      onMetadata((metadata) => {
        // Those of the gateway itself have a prefix.
        const written = Object.keys(metadata.labels ?? {}).filter((key) => !key.includes('/'));
        metadata.labels = filtered(metadata.labels, (key) => written.indexOf(key) < 4);
      }),
  },
  {
    name: 'deployment-outlives-gateway',
    title: 'The Deployment that is generated for a Gateway stays when that is deleted.',
    clauses: ['gateway-deleted-resources-removed'],
    layers,
    hooks: () =>
      onMetadata((metadata, { kind }) => {
        if (kind === 'Deployment') delete metadata.ownerReferences;
      }),
  },
];
