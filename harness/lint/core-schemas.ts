import type { Schema, Validation } from './crd-schemas.ts';

/** Kubernetes' own kinds bring no schema: what is read of them here is written down, and the rest is let pass. */

const text: Schema = { type: 'string' };
const textMap: Schema = { type: 'object', additionalProperties: text };
const anything: Schema = {};
/** Of the key of a label. */
export const qualifiedName = '^([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$';
/** Of names of most kinds. */
export const subdomain = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';
const label = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';
/** What a name is made of: a subdomain, or the beginning of one that ends with a hyphen. */
const beginning = '^([a-z0-9]([-a-z0-9]*[a-z0-9])?\\.)*[a-z0-9][-a-z0-9]*$|^$';
export const labelValue = {
  ...text,
  pattern: '^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$',
  maxLength: 63,
} satisfies Schema;

/** metadata of an object whose name has this form. */
function metadataSchema(name: Schema): Schema {
  return {
    type: 'object',
    properties: {
      name: { ...text, ...name },
      generateName: name.pattern === undefined ? text : { ...text, pattern: beginning, maxLength: 253 },
      namespace: { ...text, pattern: `${label}|^$`, maxLength: 63 },
      labels: {
        ...textMap,
        propertyNames: { pattern: qualifiedName },
        additionalProperties: labelValue,
      },
      // Its keys may have capitals in the prefix, too.
      annotations: { ...textMap, propertyNames: { pattern: qualifiedName.replace('a-z0-9.', 'A-Za-z0-9.') } },
      finalizers: { type: 'array', items: { ...text, pattern: qualifiedName } },
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
const portName: Schema = { ...text, pattern: '^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$|^$', maxLength: 15 };

const otherServiceFields = [
  'allocateLoadBalancerNodePorts',
  'clusterIPs',
  'externalIPs',
  'externalTrafficPolicy',
  'healthCheckNodePort',
  'internalTrafficPolicy',
  'ipFamilies',
  'ipFamilyPolicy',
  'loadBalancerClass',
  'loadBalancerIP',
  'loadBalancerSourceRanges',
  'publishNotReadyAddresses',
  'sessionAffinity',
  'sessionAffinityConfig',
  'trafficDistribution',
];

const service: Schema = {
  type: 'object',
  required: ['spec'],
  properties: {
    apiVersion: text,
    kind: text,
    metadata: namedByLabel,
    spec: {
      type: 'object',
      'x-kubernetes-validations': [
        {
          rule: '(has(self.type) && self.type == "ExternalName") || (has(self.clusterIP) && self.clusterIP == "None") || (has(self.ports) && self.ports.size() > 0)',
          message: 'a Service has to have ports',
          fix: 'add ports, or clusterIP: None where it needs none',
          fieldPath: '.ports',
        },
        {
          rule: `!has(self.type) || self.type != "ExternalName" || (has(self.externalName) && self.externalName.size() < 254 && self.externalName.matches(r'${subdomain.replace('$', '\\.?$')}'))`,
          message: 'a Service of type ExternalName has to have a DNS name as its externalName',
          fix: 'write the lower-case DNS name of what it stands for into externalName',
          fieldPath: '.externalName',
        },
      ],
      properties: {
        // An empty text stands for the default, here and in ports.
        type: { ...text, enum: ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName', ''] },
        externalName: text,
        clusterIP: text,
        selector: {
          type: 'object',
          propertyNames: { pattern: qualifiedName },
          additionalProperties: labelValue,
        },
        ...Object.fromEntries(otherServiceFields.map((name) => [name, anything])),
        ports: {
          type: 'array',
          'x-kubernetes-list-map-keys': ['port', 'protocol'],
          'x-kubernetes-validations': [
            {
              rule: 'self.all(p, self.size() < 2 || (has(p.name) && p.name != "" && self.exists_one(q, has(q.name) && q.name == p.name)))',
              message: 'each of several ports has to have a name of its own',
              fix: 'add a name to every port, such as name: grpc',
            },
          ],
          items: {
            type: 'object',
            required: ['port'],
            properties: {
              name: { ...text, pattern: `${label}|^$`, maxLength: 63 },
              port,
              // 0 is the port itself.
              targetPort: { anyOf: [portName, { ...port, minimum: 0 }] },
              nodePort: { type: 'integer' },
              protocol: { ...text, enum: ['TCP', 'UDP', 'SCTP', ''], default: 'TCP' },
              appProtocol: { ...text, pattern: qualifiedName },
            },
          },
        },
      },
    },
    status: anything,
  },
};

const keys: Schema = { pattern: '^(?!\\.\\.?$|\\.\\.)[-._a-zA-Z0-9]+$', maxLength: 253 };
/** A key without a value has an empty one. */
const dataOf = (value: Schema): Schema => ({
  type: 'object',
  propertyNames: keys,
  additionalProperties: { ...value, default: '' },
});
const base64 = dataOf({ ...text, format: 'byte' });

const withData = (data: Record<string, Schema>, ...rules: Validation[]): Schema => ({
  type: 'object',
  'x-kubernetes-validations': rules,
  properties: {
    apiVersion: text,
    kind: text,
    metadata: namedBySubdomain,
    immutable: { type: 'boolean' },
    ...data,
  },
});

const namespace: Schema = {
  type: 'object',
  'x-kubernetes-preserve-unknown-fields': true,
  properties: { metadata: namedByLabel },
};

/** Of `v1 KIND`. */
export const coreSchemas: Readonly<Record<string, Schema>> = {
  Service: service,
  ConfigMap: withData(
    { data: dataOf(text), binaryData: base64 },
    {
      rule: '!has(self.data) || !has(self.binaryData) || self.data.all(k, !(k in self.binaryData))',
      message: 'a key of data is in binaryData, too',
      fix: 'remove it from one of the two, or give it another name',
      fieldPath: '.binaryData',
    },
  ),
  Secret: withData(
    { type: text, data: base64, stringData: dataOf(text) },
    {
      rule: '!has(self.type) || self.type != "kubernetes.io/tls" || ["tls.crt", "tls.key"].all(k, (has(self.data) && k in self.data) || (has(self.stringData) && k in self.stringData))',
      message: 'a Secret of type kubernetes.io/tls has to have tls.crt and tls.key',
      fix: 'add both, as `kubectl create secret tls` does, or write another type',
      fieldPath: '.data',
    },
  ),
  Namespace: namespace,
};

/** Of any other object: only its metadata is looked at. */
export const otherSchema: Schema = {
  type: 'object',
  'x-kubernetes-preserve-unknown-fields': true,
  properties: { metadata: namedAnyhow },
};
