import { parseAllDocuments, stringify } from 'yaml';
import type { Condition } from './model/gateway-api.ts';
import type { Objects, ProxyState, TranslateInput, Translation } from './model/types.ts';

const controllerName = 'routeproof.dev/gateway-controller';
const now = '2026-01-02T03:04:05Z';

/** Field of Objects and apiVersion of every kind a golden file may hold. */
const kinds: Record<string, { field: keyof Objects; apiVersion: string; fields: readonly string[] }> = {
  GatewayClass: {
    field: 'gatewayClasses',
    apiVersion: 'gateway.networking.k8s.io/v1',
    fields: ['spec', 'status'],
  },
  Gateway: { field: 'gateways', apiVersion: 'gateway.networking.k8s.io/v1', fields: ['spec', 'status'] },
  ListenerSet: {
    field: 'listenerSets',
    apiVersion: 'gateway.networking.k8s.io/v1',
    fields: ['spec', 'status'],
  },
  GRPCRoute: { field: 'grpcRoutes', apiVersion: 'gateway.networking.k8s.io/v1', fields: ['spec', 'status'] },
  HTTPRoute: { field: 'httpRoutes', apiVersion: 'gateway.networking.k8s.io/v1', fields: ['spec', 'status'] },
  ReferenceGrant: { field: 'referenceGrants', apiVersion: 'gateway.networking.k8s.io/v1', fields: ['spec'] },
  Service: { field: 'services', apiVersion: 'v1', fields: ['spec'] },
  EndpointSlice: {
    field: 'endpointSlices',
    apiVersion: 'discovery.k8s.io/v1',
    fields: ['addressType', 'ports', 'endpoints'],
  },
  Secret: { field: 'secrets', apiVersion: 'v1', fields: ['type', 'data', 'stringData'] },
  Namespace: { field: 'namespaces', apiVersion: 'v1', fields: [] },
  BackendTLSPolicy: {
    field: 'backendTlsPolicies',
    apiVersion: 'gateway.networking.k8s.io/v1',
    fields: ['spec', 'status'],
  },
  ConfigMap: { field: 'configMaps', apiVersion: 'v1', fields: ['data'] },
  CustomResourceDefinition: { field: 'crds', apiVersion: 'apiextensions.k8s.io/v1', fields: [] },
};

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

interface ProxyDocument extends ProxyState {
  kind: 'Proxy';
  gateway: string;
}

/**
 * Reads the manifests of a golden file, plus documents of kind Proxy (a ProxyState, `gateway` is its key).
 *
 * @throws Error - the text is not YAML, or a document has an unknown kind, apiVersion or field
 */
export function readGoldenInput(text: string): TranslateInput {
  const objects: Record<string, Manifest[]> = {};
  for (const { field } of Object.values(kinds)) objects[field] = [];
  const proxies = new Map<string, ProxyState>();
  for (const document of parseAllDocuments(text, { strict: true, uniqueKeys: true })) {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw problem;
    const content = document.toJS() as Manifest | ProxyDocument;
    if (content.kind === 'Proxy') {
      const { kind: _kind, gateway, ...state } = content as ProxyDocument;
      proxies.set(gateway, state);
    } else addManifest(content as Manifest, objects);
  }
  return { objects: objects as unknown as Objects, proxies, controllerName, now };
}

function addManifest(manifest: Manifest, objects: Record<string, Manifest[]>): void {
  const kind = kinds[manifest.kind];
  if (kind?.apiVersion !== manifest.apiVersion) {
    throw new Error(`${manifest.apiVersion} ${manifest.kind} is not a kind of golden files`);
  }
  const allowed = ['apiVersion', 'kind', 'metadata', ...kind.fields];
  const unknown = Object.keys(manifest).find((field) => !allowed.includes(field));
  if (unknown !== undefined)
    throw new Error(`${manifest.kind} ${manifest.metadata.name}: unknown field ${unknown}`);
  objects[kind.field]?.push(manifest);
}

/**
 * The translation as YAML, shortened for review: a condition is one line, empty lists of a route are left out, and so are
 * the texts of certificates and the list of supported features.
 */
export function renderGolden({ gateways, statuses }: Translation): string {
  const irs = Array.from(gateways.values(), (ir) => ({
    ...ir,
    clusters: Object.fromEntries(ir.clusters.map((cluster) => [cluster.name, cluster])),
  }));
  const content = { gateways: irs, statuses };
  return stringify(shorten(content), { lineWidth: 0, aliasDuplicateObjects: false });
}

const optional = new Set([
  'headers',
  'queryParams',
  'requestHeaders',
  'responseHeaders',
  'mirrors',
  'set',
  'add',
  'remove',
]);

function shorten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shorten);
  if (typeof value === 'string') return value.startsWith('-----BEGIN') ? `PEM, ${value.length} bytes` : value;
  if (typeof value !== 'object' || value === null) return value;
  if ('lastTransitionTime' in value) return conditionLine(value as Condition);
  const entries = Object.entries(value)
    .map(([key, inner]): [string, unknown] => [key, key === 'supportedFeatures' ? '...' : shorten(inner)])
    .filter(([key, inner]) => !(optional.has(key) && isEmpty(inner)));
  return Object.fromEntries(entries);
}

function conditionLine(condition: Condition): string {
  const { type, status, reason, message, observedGeneration, lastTransitionTime } = condition;
  const time = lastTransitionTime === now ? 'now' : String(lastTransitionTime);
  return `${type}=${status}/${reason} generation ${observedGeneration ?? 'none'} since ${time}: ${message}`;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
