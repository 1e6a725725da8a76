import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { AppliedObject } from '../../dataplane/proxy-objects.ts';
import type { Gateway } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { uidOf } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['status', 'programmed'];

/** Labels of the Service that is generated for a Gateway. */
export const serviceLabels: readonly Fault[] = [
  {
    name: 'infrastructure-labels-not-on-service',
    title: 'Labels of spec.infrastructure are not on the Service that is generated for the Gateway.',
    clauses: ['gateway-infrastructure-labels'],
    layers,
    hooks: () => ({
      proxyObjects: (objects) =>
        objects.map((applied) => {
          if (applied.object.kind !== 'Service') return applied;
          const object = structuredClone(applied.object);
          const { labels = {} } = object.metadata as { labels?: Record<string, string> };
          delete labels['cost-centre'];
          return { ...applied, object };
        }),
    }),
  },
];

/** The Service of a proxy is named like this object of it. */
const idOf = ({ object: { metadata } }: AppliedObject): string =>
  `${String((metadata as { namespace?: string }).namespace)}/${metadata.name}`;

type Annotated = AppliedObject['object'] & { metadata: { annotations?: Record<string, string> } };

/** What is generated for a Gateway, and changes or is deleted later. */
export const generatedObjects: readonly Fault[] = [
  {
    name: 'infrastructure-annotation-edit-unnoticed',
    title: 'What is generated for a Gateway keeps the annotations that spec.infrastructure had at first.',
    clauses: ['gateway-infrastructure-annotations'],
    layers: ['programmed', 'status'],
    hooks: () => {
      const first = new Map<string, Record<string, string>>();
      return {
        proxyObjects: (objects) =>
          objects.map((applied) => {
            if (applied.object.kind !== 'Service') return applied;
            const object = structuredClone(applied.object) as Annotated;
            const annotations = first.get(idOf(applied)) ?? object.metadata.annotations ?? {};
            first.set(idOf(applied), annotations);
            object.metadata.annotations = annotations;
            return { ...applied, object };
          }),
      };
    },
  },
  {
    name: 'deleted-service-not-restored',
    title: 'The Service that is generated for a Gateway is not made again when somebody else deletes it.',
    clauses: ['gateway-programmed-true', 'gateway-address-reported', 'gateway-generated-name-label'],
    layers: ['programmed', 'status', 'connect'],
    hooks: () => {
      const versionOf = ({ metadata }: Gateway): string =>
        `${keyOf({ metadata })} ${String(metadata.creationTimestamp)} ${metadata.generation}`;
      const made = new Map<string, string>();
      const lost = new Set<string>();
      return {
        input: (input) => {
          const gateways = new Map(
            input.objects.gateways.map((gateway) => [keyOf(gateway), versionOf(gateway)]),
          );
          const services = new Map(input.objects.services.map((service) => [keyOf(service), service]));
          for (const [key, version] of made)
            if (!services.has(key) && [...gateways.values()].includes(version)) lost.add(key);
            else if (![...gateways.values()].includes(version)) lost.delete(key);
          for (const [key, { metadata }] of services) {
            const name = metadata.labels?.['gateway.networking.k8s.io/gateway-name'];
            const version = gateways.get(objectKey(metadata.namespace, name ?? ''));
            if (version !== undefined) made.set(key, version);
          }
          return input;
        },
        proxyObjects: (objects) =>
          objects.filter((applied) => applied.object.kind !== 'Service' || !lost.has(idOf(applied))),
      };
    },
  },
  {
    name: 'deleted-deployment-not-restored',
    title: 'The Deployment that is generated for a Gateway is not made again when somebody else deletes it.',
    clauses: ['gateway-generated-objects-restored', 'gateway-programmed-true'],
    layers: ['programmed', 'connect'],
    hooks: () => {
      const made = new Map<string, string>();
      const generations = new Map<string, number | undefined>();
      return {
        input: (input) => {
          for (const { metadata } of input.objects.gateways)
            generations.set(uidOf({ metadata }) ?? '', metadata.generation);
          return input;
        },
        proxyObjects: (objects) =>
          objects.filter((applied) => {
            const { object } = applied;
            if (object.kind !== 'Deployment') return true;
            const { ownerReferences } = object.metadata as { ownerReferences?: { uid: string }[] };
            const generation = generations.get(ownerReferences?.[0]?.uid ?? '');
            // One that came with an edit of the Gateway is made again.
            const text = JSON.stringify([object, generation]);
            const isKnown = made.get(idOf(applied)) === text;
            made.set(idOf(applied), text);
            return !isKnown;
          }),
      };
    },
  },
  {
    name: 'edited-service-not-restored',
    title: 'The Service that is generated for a Gateway stays as somebody else edits it.',
    clauses: ['gateway-generated-objects-restored'],
    layers: ['programmed', 'connect'],
    hooks: () => {
      const there = new Set<string>();
      const made = new Map<string, string>();
      return {
        input: (input) => {
          there.clear();
          for (const service of input.objects.services) there.add(keyOf(service));
          return input;
        },
        proxyObjects: (objects) =>
          objects.filter(({ object }) => {
            if (object.kind !== 'Service') return true;
            const text = JSON.stringify(object);
            const isKnown = there.has(keyOf(object)) && made.get(keyOf(object)) === text;
            made.set(keyOf(object), text);
            return !isKnown;
          }),
      };
    },
  },
];

interface Labelled {
  metadata: { labels?: Record<string, string> };
  spec?: { template?: { metadata?: { labels?: Record<string, string> } } };
}

/** Labels of what is generated beside the Service. */
export const infrastructureInPart: readonly Fault[] = [
  {
    name: 'infrastructure-labels-on-service-only',
    title: 'Of what is generated for a Gateway only the Service has the labels of spec.infrastructure.',
    clauses: ['gateway-infrastructure-labels'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      proxyObjects: (objects) =>
        objects.map((applied) => {
          if (applied.object.kind === 'Service') return applied;
          const object = structuredClone(applied.object) as Labelled & typeof applied.object;
          for (const { labels } of [object.metadata, object.spec?.template?.metadata ?? {}])
            if (labels !== undefined) delete labels['cost-centre'];
          return { ...applied, object };
        }),
    }),
  },
  {
    name: 'infrastructure-labels-not-on-deployment',
    title:
      'The Deployment that is generated for a Gateway, unlike its pods, has no labels of spec.infrastructure.',
    clauses: ['gateway-infrastructure-labels-everywhere'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      proxyObjects: (objects) =>
        objects.map((applied) => {
          if (applied.object.kind !== 'Deployment') return applied;
          const object = structuredClone(applied.object) as Labelled & typeof applied.object;
          delete object.metadata.labels?.['cost-centre'];
          return { ...applied, object };
        }),
    }),
  },
];
