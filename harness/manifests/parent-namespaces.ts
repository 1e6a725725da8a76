import type { KubeObject } from '../kube/objects.ts';

interface ParentRef {
  kind?: string;
  namespace?: string;
  name: string;
}

/** Nobody is to take a parentRef without a namespace for this Gateway of suites/base: that is what a scenario which names it so is about. */
const ofBase = 'shared';

/**
 * The (rewritten) route with its own namespace in every parentRef to a Gateway that has none, which says the same in more words. For an
 * implementation that attaches such a route to Gateways of that name everywhere: 44 scenarios call theirs `edge`, and those
 * that run at once would serve, and refuse, each other's routes.
 *
 * @param leftAlone - Gateways to which a parentRef without a namespace is what the scenario is about
 */
export function withParentNamespaces<T extends KubeObject>(object: T, leftAlone: readonly string[] = []): T {
  const { parentRefs } = (object.spec ?? {}) as { parentRefs?: ParentRef[] };
  const namespace = object.metadata?.namespace;
  if (parentRefs === undefined || namespace === undefined) return object;
  // With the same namespace two references would be one to the API server, where one is written with it and one without.
  const isTwin = ({ name }: ParentRef): boolean =>
    parentRefs.some((other) => other.name === name && other.namespace === namespace);
  const whole = parentRefs.map((ref) =>
    ref.namespace !== undefined ||
    (ref.kind ?? 'Gateway') !== 'Gateway' ||
    ref.name === ofBase ||
    leftAlone.includes(ref.name) ||
    isTwin(ref)
      ? ref
      : { ...ref, namespace },
  );
  return { ...object, spec: { ...(object.spec as object), parentRefs: whole } };
}
