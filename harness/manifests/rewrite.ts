import type { KubeObject } from '../kube/objects.ts';
import type { Names } from './names.ts';
import { knownKind } from '../kube/kinds.ts';

type Plain = Record<string, unknown>;

const gatewayGroup = /^(gateway\.networking\.(x-)?k8s\.io)\//;

/** Fields of Gateway API kinds that hold one object reference or a list of them, at any depth. */
const referenceFields = new Set([
  'parentRefs',
  'parentRef',
  'backendRefs',
  'backendRef',
  'certificateRefs',
  'caCertificateRefs',
  'clientCertificateRef',
  'extensionRef',
  'targetRefs',
]);

/**
 * The object with the scenario's real names in place of the written ones. These fields are rewritten, all others are applied as written:
 * - `metadata.namespace` of every namespaced kind; the name of a Namespace and of a GatewayClass
 * - in Gateway API kinds, at any depth: `hostname`, `hostnames`, `gatewayClassName`, `controllerName`, and `namespace` of parentRefs,
 *   backendRefs (also in filters), certificateRefs, caCertificateRefs,
 *   clientCertificateRef and extensionRefs
 * - ReferenceGrant `spec.from[].namespace`
 * - a namespace selector's `kubernetes.io/metadata.name`
 * - `subjects[].namespace` of a RoleBinding
 */
export function rewrite<T extends KubeObject>(written: T, names: Names): T {
  const object = structuredClone(written);
  rewriteMetadata(object, names);
  if (gatewayGroup.test(object.apiVersion ?? '')) {
    if (object.kind === 'ReferenceGrant') rewriteGrant(object, names);
    else rewriteFields(object.spec, names);
  }
  if (/^(Cluster)?RoleBinding$/.test(object.kind ?? '')) {
    for (const subject of listOf((object as Plain)['subjects'])) rewriteNamespace(subject, names);
  }
  return object;
}

/** The namespaces that applying this (rewritten) object needs. */
export function namespaceOf(object: KubeObject): string | undefined {
  if (object.kind === 'Namespace') return object.metadata?.name;
  return object.metadata?.namespace;
}

function rewriteMetadata(object: KubeObject, names: Names): void {
  const metadata = (object.metadata ??= {});
  if (object.kind === 'Namespace') metadata.name = names.namespace(metadata.name);
  else if (object.kind === 'GatewayClass') metadata.name = names.className(metadata.name ?? '');
  else if (knownKind(object.kind ?? '')?.namespaced ?? true)
    metadata.namespace = names.namespace(metadata.namespace);
}

function rewriteGrant(object: KubeObject, names: Names): void {
  const spec = object.spec as Plain | undefined;
  for (const from of listOf(spec?.['from'])) rewriteNamespace(from, names);
}

function rewriteFields(value: unknown, names: Names): void {
  if (Array.isArray(value)) {
    for (const item of value) rewriteFields(item, names);
    return;
  }
  if (!isPlain(value)) return;
  for (const [field, content] of Object.entries(value)) {
    if (field === 'hostname' && typeof content === 'string') value[field] = names.host(content);
    else if (field === 'hostnames') value[field] = mapStrings(content, (host) => names.host(host));
    else if (field === 'gatewayClassName' && typeof content === 'string')
      value[field] = names.className(content);
    else if (field === 'controllerName' && typeof content === 'string')
      value[field] = names.controller(content);
    else if (field === 'kubernetes.io/metadata.name' && typeof content === 'string')
      value[field] = names.namespace(content);
    else rewriteFields(content, names);
    if (referenceFields.has(field)) for (const ref of listOf(content)) rewriteNamespace(ref, names);
  }
  rewriteNamespaceExpression(value, names);
}

/** `{key: kubernetes.io/metadata.name, operator: In, values: [...]}` of a label selector. */
function rewriteNamespaceExpression(value: Plain, names: Names): void {
  if (value['key'] === 'kubernetes.io/metadata.name') {
    value['values'] = mapStrings(value['values'], (name) => names.namespace(name));
  }
}

/** A reference without a namespace stays without: it means the object's own, which has moved along. */
function rewriteNamespace(reference: Plain, names: Names): void {
  const written = reference['namespace'];
  if (typeof written === 'string' && written !== '') reference['namespace'] = names.namespace(written);
}

function listOf(value: unknown): Plain[] {
  if (isPlain(value)) return [value];
  return Array.isArray(value) ? value.filter(isPlain) : [];
}

function mapStrings(value: unknown, map: (text: string) => string): unknown {
  return Array.isArray(value)
    ? value.map((item: unknown) => (typeof item === 'string' ? map(item) : item))
    : value;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
