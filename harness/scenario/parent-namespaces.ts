import type { KubeObject } from '../kube/objects.ts';

interface ParentRef {
  kind?: string;
  namespace?: string;
  name: string;
}

/** The Gateway of suites/base. A parentRef to it without a namespace is there to see that nobody takes it for the shared one. */
const sharedGateway = 'shared';

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
    ref.name === sharedGateway ||
    isTwin(ref)
      ? ref
      : { ...ref, namespace },
  );
  return { ...object, spec: { ...(object.spec as object), parentRefs: whole } };
}
