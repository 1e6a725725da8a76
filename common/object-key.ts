/** `namespace/name`, or just the name for a cluster-scoped object. */
export type ObjectKey = string;

interface Named {
  metadata?: { namespace?: string | undefined; name?: string | undefined } | undefined;
}

/** The key of a Kubernetes object; an object without a name has the key ''. */
export function keyOf(object: Named): ObjectKey {
  const { namespace, name = '' } = object.metadata ?? {};
  return objectKey(namespace, name);
}

export function objectKey(namespace: string | undefined, name: string): ObjectKey {
  return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
}

/** `Kind namespace/name`, the way messages name an object; one without a name by its kind alone. */
export function describeObject(object: Named & { kind?: string | undefined }): string {
  return `${object.kind ?? 'object'} ${keyOf(object)}`.trimEnd();
}
