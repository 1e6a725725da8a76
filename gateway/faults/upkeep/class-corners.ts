import { keyOf } from '../../../common/object-key.ts';
import type { GatewayClass, GatewayClassStatus } from '../../translate/gateway-api.ts';
import type { TranslateInput } from '../../translate/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onObjects, uidOf } from '../hooks/objects.ts';
import { statusHook } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['status', 'programmed'];

const bornAt = ({ metadata }: GatewayClass): string =>
  `${String(metadata.creationTimestamp)} ${metadata.name}`;

/** Our classes, the oldest first. */
function ownByAge({ objects, controllerName }: TranslateInput): GatewayClass[] {
  return objects.gatewayClasses
    .filter(({ spec }) => spec.controllerName === controllerName)
    .toSorted((left, right) => bornAt(left).localeCompare(bornAt(right)));
}

/** Leaves the features out of the statuses of some classes. */
function withoutFeatures(of: (gatewayClass: GatewayClass, input: TranslateInput) => boolean): FaultHooks {
  return {
    statuses: statusHook((update, object, input) => {
      if (update.kind !== 'GatewayClass' || !of(object as GatewayClass, input)) return update;
      const { supportedFeatures: _features, ...status } = update.status;
      return { ...update, status: status satisfies GatewayClassStatus };
    }),
  };
}

/** Takes the classes of other controllerNames for ours that `isOurs` says so of. */
function alsoOurs(isOurs: (gatewayClass: GatewayClass, controllerName: string) => boolean): FaultHooks {
  return {
    input: (input) => {
      const { controllerName } = input;
      const gatewayClasses = input.objects.gatewayClasses.map((each) =>
        isOurs(each, controllerName) ? { ...each, spec: { ...each.spec, controllerName } } : each,
      );
      return { ...input, objects: { ...input.objects, gatewayClasses } };
    },
  };
}

/** Edits which classes are held, beside the Gateways that there are and the class that each had in the last run. */
function holding(
  edit: (
    used: ReadonlySet<string>,
    now: ReadonlyMap<string, string>,
    before: ReadonlyMap<string, string>,
  ) => ReadonlySet<string>,
): FaultHooks {
  let before = new Map<string, string>();
  let now = before;
  return {
    input: (input) => {
      before = now;
      now = new Map(input.objects.gateways.map((each) => [keyOf(each), each.spec.gatewayClassName]));
      return input;
    },
    usedClasses: (used) => edit(used, now, before),
  };
}

/** Classes beside others, unused, made again or nearly ours, what they list and who holds them, and the labels of what is made for their Gateways. */
export const classCorners: readonly Fault[] = [
  {
    name: 'controller-name-prefix-taken',
    title: 'Classes whose controllerName begins with ours are accepted, and their Gateways served.',
    clauses: ['class-foreign-ignored', 'gateway-foreign-class-ignored'],
    layers,
    hooks: () => alsoOurs(({ spec }, controllerName) => spec.controllerName.startsWith(controllerName)),
  },
  {
    name: 'controller-name-case-ignored',
    title: 'Classes whose controllerName differs from ours in capital letters alone are accepted.',
    clauses: ['class-foreign-ignored', 'gateway-foreign-class-ignored'],
    layers,
    hooks: () => alsoOurs(({ spec }, ours) => spec.controllerName.toLowerCase() === ours.toLowerCase()),
  },
  {
    name: 'class-taken-by-its-name',
    title: 'A class that is made again for another controller, under a name that was one of ours, is taken.',
    clauses: ['class-foreign-ignored', 'gateway-foreign-class-ignored'],
    layers,
    hooks: () => {
      const names = new Set<string>();
      return alsoOurs(({ metadata, spec }, ours) => {
        if (spec.controllerName === ours) names.add(metadata.name);
        return names.has(metadata.name);
      });
    },
  },
  {
    name: 'gateways-of-recreated-class-unjudged',
    title: 'The Gateways of a class that was deleted and made again under its name are not looked at.',
    clauses: ['gateway-class-must-be-accepted', 'class-accepted-true'],
    layers,
    hooks: () => {
      const first = new Map<string, string | undefined>();
      const again = new Set<string>();
      return {
        input: (input) => {
          for (const each of ownByAge(input)) {
            const { name } = each.metadata;
            if (!first.has(name)) first.set(name, uidOf(each));
            if (first.get(name) !== uidOf(each)) again.add(name);
          }
          if (again.size === 0) return input;
          const gateways = input.objects.gateways.filter(({ spec }) => !again.has(spec.gatewayClassName));
          return { ...input, objects: { ...input.objects, gateways } };
        },
        usedClasses: (used) => new Set([...used, ...again]),
      };
    },
  },
  {
    name: 'deleted-class-unserved',
    title: 'The Gateways of a class that waits to be deleted are not looked at any more.',
    clauses: ['gateway-observedgeneration-current', 'class-finalizer'],
    layers,
    hooks: () => ({
      input: onObjects('gatewayClasses', (gatewayClass) =>
        'deletionTimestamp' in gatewayClass.metadata ? undefined : gatewayClass,
      ),
    }),
  },
  {
    name: 'features-lost-with-edit',
    title: 'A class that is edited lists no features any more.',
    clauses: ['class-supportedfeatures-published'],
    layers: ['status'],
    hooks: () => withoutFeatures(({ metadata }) => (metadata.generation ?? 0) > 1),
  },
  {
    name: 'features-of-later-class-unsorted',
    title: 'The features of all classes of ours but the oldest are not in ascending order.',
    clauses: ['class-supportedfeatures-sorted'],
    layers: ['status'],
    hooks: () => ({
      statuses: statusHook((update, object, input) =>
        update.kind !== 'GatewayClass' || object === ownByAge(input)[0]
          ? update
          : {
              ...update,
              status: {
                ...update.status,
                ...(update.status.supportedFeatures && {
                  supportedFeatures: update.status.supportedFeatures.toReversed(),
                }),
              },
            },
      ),
    }),
  },
  {
    name: 'second-class-unaccepted',
    title: 'Of several classes of ours only the oldest is accepted.',
    clauses: ['class-accepted-true', 'class-accepted-decided'],
    layers,
    hooks: () => ({
      input: (input) => {
        const ours = ownByAge(input);
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
  {
    name: 'features-of-first-class-only',
    title: 'Of several classes of ours only the oldest lists its features.',
    clauses: ['class-supportedfeatures-published'],
    layers: ['status'],
    hooks: () => withoutFeatures((gatewayClass, input) => gatewayClass !== ownByAge(input)[0]),
  },
  {
    name: 'features-after-acceptance',
    title: 'The features of a class are written after its acceptance.',
    clauses: ['class-supportedfeatures-published'],
    layers: ['status'],
    hooks: () =>
      withoutFeatures(({ status }) =>
        (status?.conditions ?? []).every(
          ({ type, status: value }) => type !== 'Accepted' || value !== 'True',
        ),
      ),
  },
  {
    name: 'class-released-with-any-gateway',
    title: 'A class loses its finalizer when one of its Gateways goes, though others use it.',
    clauses: ['class-finalizer'],
    layers: ['status'],
    hooks: () => {
      const released = new Set<string>();
      return holding((used, now, before) => {
        for (const [key, name] of before) if (!now.has(key)) released.add(name);
        return new Set([...used].filter((name) => !released.has(name)));
      });
    },
  },
  {
    name: 'class-held-by-moved-gateway',
    title: 'A class keeps its finalizer for a Gateway that has another class now.',
    clauses: ['class-finalizer'],
    layers: ['status', 'apply'],
    hooks: () => {
      const had = new Map<string, Set<string>>();
      return holding((used, now) => {
        for (const [key, name] of now) had.set(key, (had.get(key) ?? new Set()).add(name));
        return new Set([...used, ...[...now.keys()].flatMap((key) => [...(had.get(key) ?? [])])]);
      });
    },
  },
];
