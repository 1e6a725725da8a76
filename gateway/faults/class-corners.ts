import type { GatewayClass } from '../translate/gateway-api.ts';
import type { Fault } from './fault.ts';

const layers: Fault['layers'] = ['status', 'programmed'];

const bornAt = ({ metadata }: GatewayClass): string =>
  `${String(metadata.creationTimestamp)} ${metadata.name}`;

/** Classes beside others, unused, made again or nearly ours, and the labels of what is made for their Gateways. */
export const classCorners: readonly Fault[] = [
  {
    name: 'controller-name-prefix-taken',
    title: 'Classes whose controllerName begins with ours are accepted, and their Gateways served.',
    clauses: ['class-foreign-ignored', 'gateway-foreign-class-ignored'],
    layers,
    hooks: () => ({
      input: (input) => ({
        ...input,
        objects: {
          ...input.objects,
          gatewayClasses: input.objects.gatewayClasses.map((gatewayClass) =>
            gatewayClass.spec.controllerName.startsWith(input.controllerName)
              ? { ...gatewayClass, spec: { ...gatewayClass.spec, controllerName: input.controllerName } }
              : gatewayClass,
          ),
        },
      }),
    }),
  },
  {
    name: 'second-class-unaccepted',
    title: 'Of several classes of ours only the oldest is accepted.',
    clauses: ['class-accepted-true', 'class-accepted-decided'],
    layers,
    hooks: () => ({
      input: (input) => {
        const ours = input.objects.gatewayClasses
          .filter(({ spec }) => spec.controllerName === input.controllerName)
          .toSorted((left, right) => bornAt(left).localeCompare(bornAt(right)));
        const gatewayClasses = input.objects.gatewayClasses.filter(
          (each) => !ours.includes(each) || each === ours[0],
        );
        return { ...input, objects: { ...input.objects, gatewayClasses } };
      },
    }),
  },
  {
    name: 'unused-class-unaccepted',
    title: 'A class is accepted only once a Gateway names it.',
    clauses: ['class-accepted-true', 'class-accepted-decided'],
    layers,
    hooks: () => ({
      input: (input) => {
        const used = new Set(input.objects.gateways.map(({ spec }) => spec.gatewayClassName));
        const gatewayClasses = input.objects.gatewayClasses.filter(({ metadata }) => used.has(metadata.name));
        return { ...input, objects: { ...input.objects, gatewayClasses } };
      },
    }),
  },
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
