import type { Issue, Rule } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { groupOf, isGateway, isGrpcRoute } from '../world.ts';
import type { ListenerSpec, World } from '../world.ts';
import { isMethodOnly, matchesOf } from './grpc-matches.ts';
import { backendKindRule } from './references.ts';

/** At most so many header matches in a rule of VPC Lattice. */
const maxHeaderMatches = 5;

/** What the AWS Gateway API Controller's GRPCRoute page does not support. */
export const awsVpcLatticeRules: Rule[] = [
  {
    id: 'lattice-https-section',
    level: 'error',
    clause: 'listener-profile-lattice-https-section',
    check: sections,
  },
  {
    id: 'lattice-section-missing',
    level: 'note',
    clause: 'listener-profile-lattice-https-section',
    check: missingSections,
  },
  // The controller's examples leave its group away.
  backendKindRule(({ group = '', kind }) => group === '' && kind === 'ServiceImport'),
  {
    id: 'lattice-method-without-service',
    level: 'error',
    clause: 'method-profile-lattice-no-method-only',
    check: methodsOnly,
  },
  {
    id: 'lattice-method-type',
    level: 'error',
    clause: 'method-profile-lattice-service-and-method',
    check: methodTypes,
  },
  {
    id: 'lattice-one-method-match',
    level: 'error',
    clause: 'match-profile-lattice-one-method-per-rule',
    check: methodMatches,
  },
  {
    id: 'lattice-header-matches',
    level: 'error',
    clause: 'header-profile-lattice-max-five',
    check: headerMatches,
  },
  {
    id: 'lattice-method-case',
    level: 'warning',
    clause: 'method-profile-lattice-case-insensitive',
    check: methodsByCase,
  },
  {
    id: 'lattice-service-import',
    level: 'error',
    clause: 'backend-profile-lattice-no-serviceexport',
    check: serviceImports,
  },
  {
    id: 'lattice-service-export',
    level: 'warning',
    clause: 'backend-profile-lattice-no-serviceexport',
    check: serviceExports,
  },
];

function sections({ object }: SourceObject, world: World): Issue[] {
  if (!isGrpcRoute(object)) return [];
  const isHttps = ({ protocol }: ListenerSpec): boolean => protocol === 'HTTPS';
  return world.attachmentsOf(object).flatMap(({ path, ref, parent, listeners }): Issue[] => {
    const { sectionName } = ref;
    if (!isGateway(parent) || listeners.length === 0) return [];
    if (sectionName === undefined ? listeners.some(isHttps) : listeners.every(isHttps)) return [];
    return [
      {
        path: [...path, sectionName === undefined ? 'name' : 'sectionName'],
        message: `${sectionName === undefined ? 'none of the listeners is' : `listener ${sectionName} is not`} of protocol HTTPS`,
        fix: 'name an HTTPS listener',
      },
    ];
  });
}

/** The page does not say what becomes of them. */
function missingSections({ object }: SourceObject): Issue[] {
  if (!isGrpcRoute(object)) return [];
  return (object.spec?.parentRefs ?? []).flatMap(({ kind = 'Gateway', sectionName }, index): Issue[] =>
    kind === 'Gateway' && sectionName === undefined
      ? [
          {
            path: ['spec', 'parentRefs', index],
            message:
              "the parentRef has no sectionName, which has to refer to an HTTPS listener by the controller's page",
            fix: 'name an HTTPS listener of the Gateway in sectionName',
          },
        ]
      : [],
  );
}

function methodsOnly(source: SourceObject): Issue[] {
  return matchesOf(source).flatMap(({ path, match }) =>
    match.method !== undefined && isMethodOnly(match.method)
      ? [
          {
            path: [...path, 'method'],
            message: 'a method without a service is not supported',
            fix: 'name the service too',
          },
        ]
      : [],
  );
}

function methodTypes(source: SourceObject): Issue[] {
  return matchesOf(source).flatMap(({ path, match: { method } }) =>
    (method?.type ?? 'Exact') === 'Exact'
      ? []
      : [
          {
            path: [...path, 'method', 'type'],
            message: 'services and methods are matched exactly, or not at all',
            fix: 'write a rule for each method, or for the service without a method',
          },
        ],
  );
}

function methodMatches(source: SourceObject): Issue[] {
  const seen = new Set<number>();
  return matchesOf(source).flatMap(({ path, rule, match }) => {
    if (match.method === undefined) return [];
    if (!seen.has(rule)) {
      seen.add(rule);
      return [];
    }
    return [
      {
        path: [...path, 'method'],
        message: 'a second method match in one rule',
        fix: 'make a rule of its own of it, with the same backendRefs',
      },
    ];
  });
}

function headerMatches(source: SourceObject): Issue[] {
  const counts = new Map<number, number>();
  return matchesOf(source).flatMap(({ path, rule, match }) => {
    const headers = match.headers?.length ?? 0;
    const before = counts.get(rule) ?? 0;
    counts.set(rule, before + headers);
    if (before > maxHeaderMatches || before + headers <= maxHeaderMatches) return [];
    return [
      {
        path: [...path, 'headers', maxHeaderMatches - before],
        message: `more than ${String(maxHeaderMatches)} header matches in one rule`,
        fix: `keep at most ${String(maxHeaderMatches)}, or combine what the caller sends into one header`,
      },
    ];
  });
}

function methodsByCase(source: SourceObject): Issue[] {
  const seen = new Map<string, string>();
  return matchesOf(source).flatMap(({ path, match: { method } }) => {
    if (method === undefined) return [];
    const name = `${method.service ?? ''}/${method.method ?? ''}`;
    const before = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    if (before === undefined || before === name) return [];
    return [
      {
        path: [...path, 'method'],
        message: `methods match without regard to letter case: ${name} and ${before} are the same`,
        fix: 'remove one, or name methods that differ in more than case',
      },
    ];
  });
}

function serviceImports({ object }: SourceObject): Issue[] {
  if (!isGrpcRoute(object)) return [];
  return (object.spec?.rules ?? []).flatMap(({ backendRefs = [] }, rule) =>
    backendRefs.flatMap(({ kind = 'Service' }, index) =>
      kind === 'ServiceImport'
        ? [
            {
              path: ['spec', 'rules', rule, 'backendRefs', index, 'kind'],
              message: 'GRPCRoute does not work with exported Services',
              fix: 'refer to a Service of this cluster',
            },
          ]
        : [],
    ),
  );
}

function serviceExports({ object }: SourceObject, world: World): Issue[] {
  if (!isGrpcRoute(object)) return [];
  const exported = new Set(
    world.sources
      .filter(
        // multicluster.x-k8s.io has a kind of this name, too.
        ({ object: each }) =>
          each.kind === 'ServiceExport' && groupOf(each) === 'application-networking.k8s.aws',
      )
      .map(({ object: each }) => `${world.namespaceOf(each)}/${each.metadata?.name ?? ''}`),
  );
  return (object.spec?.rules ?? []).flatMap(({ backendRefs = [] }, rule) =>
    backendRefs.flatMap(({ kind = 'Service', name = '', namespace = world.namespaceOf(object) }, index) =>
      kind === 'Service' && exported.has(`${namespace}/${name}`)
        ? [
            {
              path: ['spec', 'rules', rule, 'backendRefs', index, 'name'],
              message: `Service ${name} has a ServiceExport, which GRPCRoute does not work with`,
              fix: 'remove the ServiceExport, or route its calls with an HTTPRoute',
            },
          ]
        : [],
    ),
  );
}
