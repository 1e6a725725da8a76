import type { Issue, Rule } from '../rule.ts';
import type { FieldPath, SourceObject } from '../source.ts';
import { isGrpcRoute } from '../world.ts';
import type { MethodMatch, RouteObject, RouteRule } from '../world.ts';

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
  {
    id: 'regular-expression',
    level: 'note',
    clause: 'method-regex-unsupported-visible',
    check: regularExpressions,
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
  match: NonNullable<RouteRule['matches']>[number];
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

function regularExpressions(source: SourceObject): Issue[] {
  const issue = (path: FieldPath): Issue => ({
    path: [...path, 'type'],
    message: 'not every implementation has regular expressions, and each has its own dialect',
    fix: 'use Exact where you can, else syntax common to RE2 and PCRE, and write it as if it had to match the whole value',
  });
  return matchesOf(source).flatMap(({ path, match }) => [
    ...(match.method?.type === 'RegularExpression' ? [issue([...path, 'method'])] : []),
    ...(match.headers ?? []).flatMap(({ type }, index) =>
      type === 'RegularExpression' ? [issue([...path, 'headers', index])] : [],
    ),
  ]);
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
