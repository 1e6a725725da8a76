import type { KubeObject } from '../kube/objects.ts';

interface ParentRef {
  kind?: string;
  namespace?: string;
  name: string;
}

/**
 * Gateways whose parentRefs are what a scenario is about: without a namespace nobody is to take one for the `shared` Gateway of suites/base, nor
 * for the other `twin` of cross-namespace/same-named-gateways. No other scenario calls its Gateway so.
 */
const leftAlone = new Set(['shared', 'twin']);

/**
 * The (rewritten) route with its own namespace in every parentRef to a Gateway that has none, which says the same in more words. For an
 * implementation that attaches such a route to Gateways of that name everywhere: 44 scenarios call theirs `edge`, and those
 * that run at once would serve, and refuse, each other's routes.
 */
export function withParentNamespaces<T extends KubeObject>(object: T): T {
  const { parentRefs } = (object.spec ?? {}) as { parentRefs?: ParentRef[] };
  const namespace = object.metadata?.namespace;
  if (parentRefs === undefined || namespace === undefined) return object;
  // With the same namespace two references would be one to the API server, where one is written with it and one without.
  const isTwin = ({ name }: ParentRef): boolean =>
    parentRefs.some((other) => other.name === name && other.namespace === namespace);
  const whole = parentRefs.map((ref) =>
    ref.namespace !== undefined ||
    (ref.kind ?? 'Gateway') !== 'Gateway' ||
    leftAlone.has(ref.name) ||
    isTwin(ref)
      ? ref
      : { ...ref, namespace },
  );
  return { ...object, spec: { ...(object.spec as object), parentRefs: whole } };
}
