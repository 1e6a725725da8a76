import { keyOf } from '../../../common/object-key.ts';
import { gatewaysExist } from '../../provider/class-finalizers.ts';
import type { Fault, FaultHooks } from '../fault.ts';

/** What holds a class as long as Gateways use it. */
export const classFinalizers: readonly Fault[] = [
  {
    name: 'class-not-held',
    title: 'A GatewayClass goes at once when it is deleted, with Gateways that use it.',
    clauses: ['class-finalizer'],
    layers: ['status'],
    hooks: () => ({ usedClasses: () => new Set() }),
  },
  {
    name: 'class-held-forever',
    title: 'A GatewayClass that a Gateway has used keeps its finalizer when no Gateway is left.',
    clauses: ['class-finalizer'],
    layers: ['apply', 'status'],
    hooks: () => {
      const ever = new Set<string>();
      return {
        usedClasses: (names) => {
          for (const name of names) ever.add(name);
          return ever;
        },
      };
    },
  },
  {
    name: 'foreign-class-finalizers-dropped',
    title: 'With the last Gateway of a class the finalizers of others go from it too.',
    clauses: ['class-finalizer'],
    layers: ['status'],
    hooks: () => ({
      classFinalizers: (finalizers) => (finalizers.includes(gatewaysExist) ? finalizers : []),
    }),
  },
];

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

/** Classes that some of their Gateways leave. */
export const heldClasses: readonly Fault[] = [
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

/** Classes that others have taken hold of first. */
export const classesOfOthers: readonly Fault[] = [
  {
    name: 'foreign-class-finalizers-replaced',
    title: 'The finalizer of Gateways takes the place of those that a class has already.',
    clauses: ['class-finalizer'],
    layers: ['status'],
    hooks: () => ({
      classFinalizers: (finalizers) => (finalizers.includes(gatewaysExist) ? [gatewaysExist] : finalizers),
    }),
  },
];
