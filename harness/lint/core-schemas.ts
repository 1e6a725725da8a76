import type { Schema } from './crd-schemas.ts';

/** Kubernetes' own kinds bring no schema: what is read of them here is written down, and the rest is let pass. */

const text: Schema = { type: 'string' };
const texts: Schema = { type: 'array', items: text };
const textMap: Schema = { type: 'object', additionalProperties: text };
const anything: Schema = {};
const qualifiedName = '^([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$';
const subdomain = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';
const label = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';

/** metadata of an object whose name has this form. */
function metadataSchema(name: Schema): Schema {
  return {
    type: 'object',
    properties: {
      name: { ...text, ...name },
      generateName: text,
      namespace: { ...text, pattern: `${label}|^$`, maxLength: 63 },
      labels: {
        ...textMap,
        propertyNames: { pattern: qualifiedName },
        additionalProperties: {
          ...text,
          pattern: '^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$',
          maxLength: 63,
        },
      },
      // Its keys may have capitals in the prefix, too.
      annotations: { ...textMap, propertyNames: { pattern: qualifiedName.replace('a-z0-9.', 'A-Za-z0-9.') } },
      finalizers: texts,
      ownerReferences: { type: 'array', items: { type: 'object' } },
      managedFields: anything,
      creationTimestamp: anything,
      deletionTimestamp: anything,
      deletionGracePeriodSeconds: anything,
      generation: anything,
      resourceVersion: anything,
      selfLink: anything,
      uid: anything,
    },
  };
}

/** Of Gateway API's kinds, and of most others. */
export const namedBySubdomain = metadataSchema({ pattern: subdomain, maxLength: 253 });
/** Of kinds that are not known here: some allow more in their names. */
export const namedAnyhow = metadataSchema({});
const namedByLabel = metadataSchema({ pattern: label, maxLength: 63 });

const port: Schema = { type: 'integer', minimum: 1, maximum: 65535 };

const service: Schema = {
  type: 'object',
  properties: {
    apiVersion: text,
    kind: text,
    metadata: namedByLabel,
    spec: {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: {
        type: { ...text, enum: ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] },
        externalName: text,
        clusterIP: text,
        selector: textMap,
        // A frequent slip for ports, which the API server refuses.
        port: { not: {} },
        ports: {
          type: 'array',
          items: {
            type: 'object',
            required: ['port'],
            properties: {
              name: { ...text, pattern: label, maxLength: 63 },
              port,
              targetPort: { anyOf: [text, { type: 'integer' }] },
              nodePort: { type: 'integer' },
              protocol: { ...text, enum: ['TCP', 'UDP', 'SCTP'] },
              appProtocol: text,
            },
          },
        },
      },
    },
    status: anything,
  },
};

const withData = (data: Record<string, Schema>): Schema => ({
  type: 'object',
  properties: {
    apiVersion: text,
    kind: text,
    metadata: namedBySubdomain,
    immutable: { type: 'boolean' },
    ...data,
  },
});

const base64: Schema = {
  type: 'object',
  additionalProperties: { ...text, pattern: '^([A-Za-z0-9+/\\s]*={0,2}\\s*)$' },
};

const namespace: Schema = {
  type: 'object',
  'x-kubernetes-preserve-unknown-fields': true,
  properties: { metadata: namedByLabel },
};

/** Of `v1 KIND`. */
export const coreSchemas: Readonly<Record<string, Schema>> = {
  Service: service,
  ConfigMap: withData({ data: textMap, binaryData: base64 }),
  Secret: withData({ type: text, data: base64, stringData: textMap }),
  Namespace: namespace,
};

/** Of any other object: only its metadata is looked at. */
export const otherSchema: Schema = {
  type: 'object',
  'x-kubernetes-preserve-unknown-fields': true,
  properties: { metadata: namedAnyhow },
};
