import { fieldText, type SchemaIssue } from './rule.ts';

/**
 * The clauses that a CRD stands for: kind, end of the field's path, keyword of the schema (`rule`: part of a CEL rule's message after
 * the clause). The first that fits counts. What has no clause is the API server's alone.
 */
const grpcRoute = `
hostnames maxItems hostnames-max
hostnames[] maxLength hostname-length
hostnames[] pattern hostname-pattern
hostnames[] minLength hostname-pattern
parentRefs maxItems parentrefs-max
parentRefs[] required parentref-name-required
parentRefs[].name * parentref-name-required
parentRefs[].port * parentref-port-range
parentRefs[].sectionName * parentref-sectionname-pattern
parentRefs[].group * parentref-group-pattern
parentRefs[].kind * parentref-kind-pattern
parentRefs[].namespace * parentref-namespace-pattern
parentRefs rule parentrefs-section-all-or-none must be specified
parentRefs rule parentrefs-section-unique must be unique
rules maxItems rules-max
matches maxItems matches-max
rules rule matches-total total number of matches
rules rule rule-name-unique name must be unique
headers maxItems headers-max
matches[].headers[] duplicate headers-duplicate
matches[].headers[].name * header-name-pattern
matches[].headers[].value * header-value-length
matches[].headers[].type * header-type-enum
method.type enum method-type-enum
method.service maxLength method-length
method.method maxLength method-length
method rule method-needs-service-or-method must be specified
method rule method-exact-service-chars service must only
method rule method-exact-method-chars method must only
rules[].name * rule-name-pattern
filters rule filter-request-header-repeated RequestHeaderModifier filter cannot be repeated
filters rule filter-response-header-repeated ResponseHeaderModifier filter cannot be repeated
filters maxItems filters-max
filters[] required filter-type-enum
filters[].type * filter-type-enum
filters[] rule filter-request-header-modifier-missing filter.requestHeaderModifier must be specified
filters[] rule filter-request-header-modifier-misplaced filter.requestHeaderModifier must be nil
filters[] rule filter-response-header-modifier-missing filter.responseHeaderModifier must be specified
filters[] rule filter-response-header-modifier-misplaced filter.responseHeaderModifier must be nil
filters[] rule filter-request-mirror-missing filter.requestMirror must be specified
filters[] rule filter-request-mirror-misplaced filter.requestMirror must be nil
filters[] rule filter-extension-ref-missing filter.extensionRef must be specified
filters[] rule filter-extension-ref-misplaced filter.extensionRef must be nil
set[] duplicate header-filter-duplicate
add[] duplicate header-filter-duplicate
remove[] duplicate header-filter-remove-duplicate
set maxItems header-filter-max
add maxItems header-filter-max
remove maxItems header-filter-max
set[].value * header-filter-value
add[].value * header-filter-value
requestMirror.percent * mirror-percent-range
requestMirror rule mirror-percent-xor-fraction
requestMirror.fraction rule mirror-fraction-order
requestMirror.fraction * mirror-fraction-bounds
fraction.numerator * mirror-fraction-bounds
fraction.denominator * mirror-fraction-bounds
requestMirror.backendRef rule mirror-backend-port Must have port
extensionRef required extensionref-fields
backendRefs maxItems backendrefs-max
backendRefs[] required backend-name-required
backendRefs[].name * backend-name-required
backendRefs[] rule backend-service-port Must have port
backendRefs[].port * backend-port-range
backendRefs[].weight * backend-weight-range
useDefaultGateways enum default-gateway-enum
`;

const gateway = `
spec required gateway-class-name-required
spec.gatewayClassName * gateway-class-name-required
listeners minItems gateway-listeners-min
listeners maxItems gateway-listeners-max
listeners[] duplicate gateway-listener-name-unique
listeners[].name * gateway-listener-name-pattern
listeners[].port * gateway-listener-port-range
listeners[].protocol * gateway-listener-protocol-pattern
listeners[].hostname * gateway-listener-hostname-pattern
listeners rule gateway-listener-name-unique name must be unique
listeners rule gateway-listener-combination-unique Combination of port
listeners rule gateway-listener-tls-forbidden tls must not be specified
listeners rule gateway-listener-https-mode tls mode must be Terminate
listeners rule gateway-listener-tls-mode-required tls mode must be set
listeners rule gateway-listener-l4-hostname hostname must not be specified
tls rule gateway-tls-terminate-needs-cert certificateRefs or options
certificateRefs maxItems gateway-tls-certificaterefs-max
tls.options maxProperties gateway-tls-options-max
kinds maxItems gateway-allowedroutes-kinds-max
allowedRoutes.namespaces.from enum gateway-allowedroutes-from-enum
allowedListeners.namespaces.from enum gateway-allowedlisteners-from-enum
addresses maxItems gateway-addresses-max
addresses rule gateway-addresses-ip-unique IPAddress
addresses rule gateway-addresses-hostname-unique Hostname
addresses[] rule gateway-addresses-hostname-format
addresses[].value oneOf gateway-addresses-ip-format
infrastructure.labels maxProperties gateway-infrastructure-labels-max
infrastructure.labels rule gateway-infrastructure-label-keys
infrastructure.annotations * gateway-infrastructure-annotations
frontend required gateway-frontend-default-required
perPort[] duplicate gateway-frontend-perport-unique
perPort rule gateway-frontend-perport-unique
caCertificateRefs * gateway-frontend-ca-bounds
validation.mode enum gateway-frontend-mode-enum
defaultScope enum gateway-default-scope-enum
`;

const tables: Readonly<Record<string, string>> = {
  GRPCRoute: grpcRoute.replace(/^(\S+ \S+) /gm, '$1 grpcroute-'),
  Gateway: gateway,
  GatewayClass: `
spec.controllerName * class-controllername-pattern
description * class-description-max
`,
  ReferenceGrant: `
from maxItems refgrant-from-bounds
from minItems refgrant-from-bounds
to maxItems refgrant-to-bounds
to minItems refgrant-to-bounds
from[] * refgrant-from-fields
from[].group * refgrant-from-fields
from[].kind * refgrant-from-fields
from[].namespace * refgrant-from-fields
to[] * refgrant-to-fields
to[].group * refgrant-to-fields
to[].kind * refgrant-to-fields
to[].name * refgrant-to-fields
`,
  BackendTLSPolicy: `
validation rule btls-ca-xor-wellknown must not contain both
validation rule btls-ca-or-wellknown must specify either
validation required btls-hostname-precise
validation.hostname * btls-hostname-precise
wellKnownCACertificates * btls-wellknown-pattern
subjectAltNames maxItems btls-san-max
subjectAltNames[] rule btls-san-hostname-required must contain Hostname
subjectAltNames[] rule btls-san-hostname-misplaced must not contain Hostname
subjectAltNames[] rule btls-san-uri-required must contain URI
subjectAltNames[] rule btls-san-uri-misplaced must not contain URI
subjectAltNames[].uri * btls-san-uri-absolute
caCertificateRefs maxItems btls-ca-max
caCertificateRefs minItems btls-ca-min
targetRefs maxItems btls-targetrefs-bounds
targetRefs minItems btls-targetrefs-bounds
spec required btls-targetrefs-bounds
targetRefs rule btls-targetrefs-section-all-or-none must be specified
targetRefs rule btls-targetrefs-section-unique must be unique
options maxProperties btls-options-max
`,
  ListenerSet: `
spec required listenerset-parentref-required
parentRef * listenerset-parentref-required
parentRef.name * listenerset-parentref-required
listeners maxItems listenerset-listeners-bounds
listeners minItems listenerset-listeners-bounds
listeners[] duplicate listenerset-listener-name-unique
listeners rule listenerset-listener-name-unique name must be unique
listeners rule listenerset-combination-unique Combination of port
listeners rule listenerset-tls-rules
listeners[] required listenerset-port-required
listeners[].port * listenerset-port-required
tls rule listenerset-tls-rules
`,
};

interface Row {
  end: string;
  keyword: string;
  clause: string;
  message: string;
}

const rowsByKind = new Map(
  Object.entries(tables).map(([kind, table]) => [kind, table.trim().split('\n').map(rowOf)]),
);

function rowOf(line: string): Row {
  const [end = '', keyword = '', clause = '', ...message] = line.split(' ');
  return { end, keyword, clause: `validation-${clause}`, message: message.join(' ') };
}

/** Clauses of the tables, for a test that there are such. */
export const schemaClauses: readonly string[] = [...rowsByKind.values()].flat().map(({ clause }) => clause);

/** The clause that an object of this kind runs into with the issue. */
export function schemaClauseOf(kind: string, { path, keyword, message }: SchemaIssue): string | undefined {
  if (keyword === 'additionalProperties')
    return kind === 'GRPCRoute' ? 'validation-grpcroute-strict-unknown-field' : undefined;
  const field = fieldText(path).replace(/\[\d+\]/g, '[]');
  return rowsByKind
    .get(kind)
    ?.find(
      (row) =>
        (field === row.end || field.endsWith(`.${row.end}`)) &&
        (row.keyword === '*' || row.keyword === keyword) &&
        message.includes(row.message),
    )?.clause;
}
