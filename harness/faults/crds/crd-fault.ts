import type { FaultSpec } from '../fault-spec.ts';
import type { Crd, CrdEdit } from '../../crds/crd.ts';
import type { PolicyEdit } from '../../crds/planted-policy.ts';
import type { Policy } from '../../crds/upgrade-policy.ts';
import { editAll, schemaEdits, type Schema, type SchemaEdit } from '../../crds/schema.ts';

/** A mistake in a CRD, as an implementation makes it that ships a copy of its own: the API server lets through what it has to refuse. */
export type CrdFault = FaultSpec & (CrdEdit | PolicyEdit);

export function isCrdFault(fault: FaultSpec | CrdFault): fault is CrdFault {
  return 'edit' in fault || 'editPolicy' in fault;
}

/** The CRDs whose rules are clauses, with the prefixes of these. */
const crds = {
  grpcroutes: ['validation-grpcroute-'],
  gateways: ['validation-gateway-'],
  gatewayclasses: ['validation-class-'],
  referencegrants: ['validation-refgrant-'],
  backendtlspolicies: ['validation-btls-'],
  listenersets: ['validation-listenerset-'],
};

const titles: Record<SchemaEdit, string> = {
  'rules-dropped': 'has no CEL rules',
  'one-item-too-many': 'lets lists be one item longer',
  'no-least-items': 'lets lists be empty that must not be',
  'one-letter-too-long': 'lets texts be one character longer',
  'empty-texts': 'lets texts be empty that must not be',
  'patterns-dropped': 'has no patterns for texts',
  'any-value': 'takes any value where a few are allowed',
  'one-above-range': 'lets numbers be one above their range',
  'below-range': 'lets numbers be below their range',
  'nothing-required': 'requires no field',
  'defaults-dropped': 'has no defaults',
};

/** A schema without the keyword, or with none but where no clause speaks of it: in statuses, for example. */
const unseen = new Set([
  'gatewayclasses-one-item-too-many',
  'gatewayclasses-no-least-items',
  'gatewayclasses-any-value',
  'gatewayclasses-below-range',
  'gatewayclasses-defaults-dropped',
  'gateways-defaults-dropped',
  'listenersets-defaults-dropped',
  'backendtlspolicies-defaults-dropped',
  'gatewayclasses-one-above-range',
  'referencegrants-rules-dropped',
  'referencegrants-any-value',
  'referencegrants-one-above-range',
  'referencegrants-below-range',
  'referencegrants-defaults-dropped',
  'backendtlspolicies-one-above-range',
  'backendtlspolicies-below-range',
]);

/** Violated beside those of the CRD's own prefix. */
const more: Record<string, string[]> = {
  'grpcroutes-rules-dropped': ['filter-repeated-unsupported', 'method-both-empty-invalid'],
  'grpcroutes-any-value': ['filter-invalid-type-rejected'],
};

/** @param clauses - ids of all that there are */
export function crdFaults(clauses: Iterable<string>): CrdFault[] {
  const known = [...clauses];
  const ofSchemas = Object.entries(crds).flatMap(([plural, prefixes]) =>
    (Object.keys(schemaEdits) as SchemaEdit[]).map((edit): CrdFault & CrdEdit => {
      const name = `${plural}-${edit}`;
      return {
        name: `crd-${name}`,
        title: `The CRD ${plural} ${titles[edit]}.`,
        area: 'crds',
        clauses: [
          ...known.filter((id) => prefixes.some((prefix) => id.startsWith(prefix))),
          ...(more[name] ?? []),
        ],
        layers: ['apply'],
        plural,
        edit: (crd) => editSchemas(crd, schemaEdits[edit]),
      };
    }),
  );
  return [
    ...ofSchemas.filter(({ name }) => !unseen.has(name.slice('crd-'.length))),
    unmarked,
    experimentalOverStandard,
    downgrade,
    statusInside,
    anySession,
    anyLaterSession,
  ];
}

function editSchemas(crd: Crd, edit: Parameters<typeof editAll>[1]): number {
  const changes = crd.spec.versions.map(({ schema }) => editAll(schema.openAPIV3Schema, edit));
  return changes.reduce((sum, count) => sum + count, 0);
}

const unmarked: CrdFault = {
  name: 'crd-unmarked',
  title: 'The CRD grpcroutes does not say of which release and channel it is.',
  area: 'crds',
  clauses: ['validation-crd-annotations-present'],
  layers: ['apply'],
  plural: 'grpcroutes',
  isForbidden: true,
  edit: ({ metadata }) => {
    const marks = Object.keys(metadata?.annotations ?? {}).filter((name) =>
      name.startsWith('gateway.networking.k8s.io/'),
    );
    for (const name of marks) delete metadata?.annotations?.[name];
    return marks.length;
  },
};

const experimentalOverStandard: CrdFault = {
  name: 'crd-policy-takes-experimental',
  title: 'The policy that guards the CRDs lets experimental ones replace standard ones.',
  area: 'crds',
  clauses: ['validation-crd-no-experimental-over-standard'],
  layers: ['apply'],
  editPolicy: (policy) => dropRules(policy, 'gateway.networking.k8s.io/channel'),
};

const downgrade: CrdFault = {
  name: 'crd-policy-takes-older',
  title: 'The policy that guards the CRDs lets CRDs of old releases in.',
  area: 'crds',
  clauses: ['validation-crd-no-downgrade'],
  layers: ['apply'],
  editPolicy: (policy) => dropRules(policy, 'gateway.networking.k8s.io/bundle-version'),
};

/** Those that look at that annotation. @returns how many there were */
function dropRules({ spec }: Policy, annotation: string): number {
  const kept = spec.validations.filter(({ expression }) => !expression.includes(annotation));
  const dropped = spec.validations.length - kept.length;
  spec.validations = kept;
  return dropped;
}

const statusInside: CrdFault = {
  name: 'crd-status-inside',
  title: 'The CRD grpcroutes has no status subresource: anybody who may write a route writes its status.',
  area: 'crds',
  clauses: ['validation-grpcroute-status-subresource'],
  layers: ['apply'],
  plural: 'grpcroutes',
  edit: (crd) => {
    const versions = crd.spec.versions.filter(({ subresources }) => subresources?.status !== undefined);
    for (const { subresources } of versions) delete subresources?.status;
    return versions.length;
  },
};

const anything: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

const anySession: CrdFault = {
  name: 'crd-any-session',
  title: 'The CRD grpcroutes takes any session persistence.',
  area: 'crds',
  clauses: [
    'validation-grpcroute-session-permanent-timeout',
    'validation-grpcroute-session-cookieconfig-type',
    'validation-grpcroute-session-enums',
    'validation-grpcroute-session-name-length',
  ],
  layers: ['apply'],
  channel: 'experimental',
  plural: 'grpcroutes',
  edit: (crd) =>
    editSchemas(crd, ({ properties }) => {
      if (properties?.['sessionPersistence'] === undefined) return false;
      properties['sessionPersistence'] = anything;
      return true;
    }),
};

/** The same against what v1.7.0 asks for. */
const anyLaterSession: CrdFault = {
  ...anySession,
  name: 'crd-any-later-session',
  title: 'The CRD grpcroutes of v1.7.0 takes any session persistence.',
  clauses: [
    'validation-grpcroute-session-cookie-by-type',
    'validation-grpcroute-session-header-by-type',
    'validation-grpcroute-session-header-name-required',
    'validation-grpcroute-session-token-names',
    'validation-grpcroute-session-cookie-path-length',
  ],
};
