import type { Issue, Rule } from '../rule.ts';
import type { FieldPath, SourceObject } from '../source.ts';
import { isGrpcRoute } from '../world.ts';
import type { HeaderMatch, MethodMatch, RouteMatch, RouteObject, RouteRule } from '../world.ts';

/** Matches that read otherwise than they work, or that not every implementation has. */
export const matchRules: Rule[] = [
  {
    id: 'header-named-twice',
    level: 'warning',
    clause: 'header-duplicate-first-wins',
    check: headersNamedTwice,
  },
  {
    id: 'method-without-service',
    level: 'note',
    clause: 'method-only-unsupported-visible',
    check: methodsWithoutService,
  },
  { id: 'method-empty', level: 'error', clause: 'method-both-empty-invalid', check: emptyMethods },
  {
    id: 'match-repeated',
    level: 'warning',
    clause: 'precedence-first-rule-in-route',
    check: repeatedMatches,
  },
  {
    id: 'rule-named-twice',
    level: 'warning',
    clause: 'validation-grpcroute-rule-name-unique',
    check: rulesNamedTwice,
  },
  {
    id: 'reflection-not-routed',
    level: 'note',
    clause: 'reflection-routed-like-any-service',
    check: unroutedReflection,
  },
];

export interface PlacedMatch {
  path: FieldPath;
  rule: number;
  match: RouteMatch;
}

/** Every entry of every rule's matches of a GRPCRoute. */
export function matchesOf({ object }: SourceObject): PlacedMatch[] {
  if (!isGrpcRoute(object)) return [];
  return (object.spec?.rules ?? []).flatMap(({ matches = [] }, rule) =>
    matches.map((match, index) => ({ path: ['spec', 'rules', rule, 'matches', index], rule, match })),
  );
}

/** A method that is matched on every service. */
export function isMethodOnly({ service = '', method = '' }: MethodMatch): boolean {
  return service === '' && method !== '';
}

function headersNamedTwice(source: SourceObject): Issue[] {
  return matchesOf(source).flatMap(({ path, match }) => {
    const seen = new Map<string, string>();
    return (match.headers ?? []).flatMap(({ name = '' }, index) => {
      const before = seen.get(name.toLowerCase());
      seen.set(name.toLowerCase(), name);
      if (before === undefined) return [];
      return [
        {
          path: [...path, 'headers', index, 'name'],
          message: `${name} and ${before} are one header: only the first entry counts`,
          fix: 'remove one; for either of two values, write two matches',
        },
      ];
    });
  });
}

function methodsWithoutService(source: SourceObject): Issue[] {
  return matchesOf(source).flatMap(({ path, match }) =>
    match.method !== undefined && isMethodOnly(match.method)
      ? [
          {
            path: [...path, 'method'],
            message:
              'not every implementation matches a method without its service; such a route is then not accepted',
            fix: 'name the service too',
          },
        ]
      : [],
  );
}

function emptyMethods(source: SourceObject): Issue[] {
  return matchesOf(source).flatMap(({ path, match: { method } }) =>
    method === undefined || (method.service ?? '') !== '' || (method.method ?? '') !== ''
      ? []
      : [
          {
            path: [...path, 'method'],
            message: 'the method match names neither a service nor a method: the route will not be accepted',
            fix: 'name one of them, or leave method away to match every call',
          },
        ],
  );
}

/** Of rules that match the same calls the first one has them all. */
function repeatedMatches(source: SourceObject): Issue[] {
  const seen = new Map<string, number>();
  return allMatchesOf(source).flatMap(({ path, rule, match }) => {
    const text = textOf(match);
    const before = seen.get(text);
    if (before === undefined) seen.set(text, rule);
    if (before === undefined || before === rule) return [];
    return [
      {
        path,
        message: `rule ${String(before)} has the same match, and takes all its calls`,
        fix: 'remove one; for several backends, write both into one rule with weights',
      },
    ];
  });
}

/** What the CRDs of v1.6.3 let pass in the standard channel. */
function rulesNamedTwice({ object }: SourceObject): Issue[] {
  if (!isGrpcRoute(object)) return [];
  const names = (object.spec?.rules ?? []).map(({ name }) => name);
  return names.flatMap((name, index): Issue[] =>
    name === undefined || names.indexOf(name) === index
      ? []
      : [
          {
            path: ['spec', 'rules', index, 'name'],
            message: `rule ${String(names.indexOf(name))} has the name ${name}, too: names are unique within a route, and CRDs of the experimental channel and of v1.7.0 refuse it`,
            fix: 'give it a name of its own, or none',
          },
        ],
  );
}

/** Those of rules without matches, too, which are at the rule itself. */
export function allMatchesOf({ object }: SourceObject): PlacedMatch[] {
  if (!isGrpcRoute(object)) return [];
  return (object.spec?.rules ?? []).flatMap((of, rule) =>
    matchesOfRule(of).map((match, index) => {
      const at = match === of.matches?.[index] ? ['matches', index] : [];
      return { path: ['spec', 'rules', rule, ...at], rule, match };
    }),
  );
}

/** A rule without matches stands for one that everything fits. */
export function matchesOfRule({ matches = [] }: RouteRule): RouteMatch[] {
  return matches.length === 0 ? [{}] : matches;
}

/** The same for matches that the same calls fit. */
export function textOf({
  method: { type = 'Exact', service = '', method = '' } = {},
  headers = [],
}: RouteMatch): string {
  return JSON.stringify([type, service, method, headers.map(headerText).sort()]);
}

export function headerText({ type = 'Exact', name = '', value }: HeaderMatch): string {
  return [type, name.toLowerCase(), value].join(' ');
}

function unroutedReflection({ object }: SourceObject): Issue[] {
  if (!isGrpcRoute(object) || canReflect(object)) return [];
  return [
    {
      path: ['spec', 'rules'],
      message:
        'no rule takes server reflection: `grpcurl list` and clients without .proto files will see UNIMPLEMENTED',
      fix: 'if you want reflection, add a rule for the service grpc.reflection.v1.ServerReflection (and v1alpha for older clients)',
    },
  ];
}

function canReflect({ spec }: RouteObject): boolean {
  const rules = spec?.rules ?? [];
  return (
    rules.length === 0 ||
    rules.some(
      ({ matches = [] }) =>
        matches.length === 0 ||
        matches.some(
          ({ method }) =>
            method?.service === undefined ||
            method.type === 'RegularExpression' ||
            method.service.startsWith('grpc.reflection.'),
        ),
    )
  );
}
