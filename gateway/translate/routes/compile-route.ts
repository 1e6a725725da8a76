import { keyOf } from '../../../common/object-key.ts';
import type { IrAction, IrRetry, IrRoute, IrSession } from '../../ir/ir.ts';
import { backendsOf, errorStatus } from './backends.ts';
import type { CompiledRoute, FollowedRef, RankedRoute } from './compiled.ts';
import { retryOf, timeoutsOf } from '../model/durations.ts';
import { filtersOf } from '../filters/filters.ts';
import type { FilterContext, Filters } from '../filters/filters.ts';
import type { GrpcRoute, GrpcRouteRule, HttpRoute, HttpRouteRule } from '../model/gateway-api.ts';
import { grpcMatch } from '../matches/grpc-matches.ts';
import type { RankedMatch } from '../matches/grpc-matches.ts';
import { routeHostnames } from '../model/hostname.ts';
import { httpMatch } from '../matches/http-matches.ts';
import { timeOf } from '../memory/memo.ts';
import type { Problem } from '../model/problems.ts';
import { sameResolution } from '../backends/references.ts';
import type { BackendCluster, References, Resolution } from '../backends/references.ts';
import { sessionOf, textOfMatches } from './session.ts';
import type { Result } from '../model/result.ts';

export type AnyRoute = { kind: 'GRPCRoute'; object: GrpcRoute } | { kind: 'HTTPRoute'; object: HttpRoute };

type Rule = GrpcRouteRule | HttpRouteRule;

/** Everything of a rule but its matches. */
interface RuleBody {
  filters: Filters;
  action: IrAction;
  clusters: BackendCluster[];
  unresolved: Problem[];
  invalid?: Problem;
  session?: IrSession;
  retry?: IrRetry;
}

/** Translates the rules of a route, whatever it is attached to. */
export function compileRoute(route: AnyRoute, references: References): CompiledRoute {
  const rules = rulesOf(route);
  const followed: FollowedRef[] = [];
  const compiled: CompiledRoute = {
    hostnames: routeHostnames(route.object.spec.hostnames),
    routes: [],
    clusters: [],
    unresolved: [],
    invalidRules: [],
    ruleCount: rules.length,
    followed,
  };
  const clusters = new Map<string, BackendCluster>();
  for (const [index, rule] of rules.entries()) {
    const path = rule.name === undefined ? `rules[${index}]` : `rules[${index}] (${rule.name})`;
    const matches = matchesOf(route, index);
    const body = ruleBody(route, index, { path, matches }, { references, followed });
    compiled.unresolved.push(...body.unresolved);
    const invalid = body.invalid ?? nameProblem(rules, index, path) ?? matchProblem(matches, path);
    if (invalid !== undefined) {
      compiled.invalidRules.push({ index, ...invalid });
      continue;
    }
    for (const cluster of body.clusters) clusters.set(cluster.name, cluster);
    compiled.routes.push(...rankedRoutes(route, index, rule, matches, body));
  }
  compiled.clusters = [...clusters.values()];
  return compiled;
}

/** Whether every reference of the route resolves as it did when it was compiled. */
export function stillResolves(
  { kind, object }: AnyRoute,
  { followed }: CompiledRoute,
  references: References,
): boolean {
  const namespace = object.metadata.namespace ?? '';
  return followed.every(({ ref, resolution }) =>
    sameResolution(resolution, references.backend(kind, namespace, ref)),
  );
}

/** An HTTPRoute without rules has one that matches everything (the CRD's default); a GRPCRoute has none. */
function rulesOf(route: AnyRoute): readonly Rule[] {
  return route.object.spec.rules ?? (route.kind === 'HTTPRoute' ? [{}] : []);
}

function matchesOf(route: AnyRoute, rule: number): Result<RankedMatch>[] {
  // No matches, an empty list and one empty entry all match everything.
  if (route.kind === 'GRPCRoute') return nonEmpty(route.object.spec.rules?.[rule]?.matches).map(grpcMatch);
  return nonEmpty(route.object.spec.rules?.[rule]?.matches).map(httpMatch);
}

function nonEmpty<T extends object>(matches: readonly T[] | undefined): readonly T[] {
  return matches === undefined || matches.length === 0 ? [{} as T] : matches;
}

function matchProblem(matches: readonly Result<RankedMatch>[], path: string): Problem | undefined {
  const index = matches.findIndex((match) => match.problem !== undefined);
  if (index < 0) return undefined;
  return {
    reason: 'UnsupportedValue',
    message: `${path}.matches[${index}]: ${matches[index]?.problem ?? ''}`,
  };
}

/** The CRD checks that names are unique in its experimental channel only; a later rule of the same name is dropped. */
function nameProblem(rules: readonly Rule[], index: number, path: string): Problem | undefined {
  const name = rules[index]?.name;
  if (name === undefined || rules.findIndex((rule) => rule.name === name) === index) return undefined;
  return { reason: 'UnsupportedValue', message: `${path}: another rule has the same name` };
}

interface Resolver {
  references: References;
  /** Takes note of what was asked. */
  followed: FollowedRef[];
}

function ruleBody(
  route: AnyRoute,
  index: number,
  { path, matches }: { path: string; matches: readonly Result<RankedMatch>[] },
  { references, followed }: Resolver,
): RuleBody {
  const { kind } = route;
  const rule = rulesOf(route)[index] ?? {};
  const namespace = route.object.metadata.namespace ?? '';
  const { retry } =
    kind === 'HTTPRoute' ? retryOf((rule as HttpRouteRule).retry, references.backoffIsMinimum) : {};
  const context: FilterContext = {
    kind,
    level: 'rule',
    path,
    resolve: (ref) => {
      const resolution = references.backend(kind, namespace, ref);
      followed.push({ ref, resolution });
      return withBackoff(resolution, retry?.leastBackoffSeconds);
    },
  };
  const filters = filtersOf(rule.filters, context);
  const backends = backendsOf(rule.backendRefs, context);
  const { session, problem } = sessionOf(rule.sessionPersistence, {
    path: `${path}.sessionPersistence`,
    rule: `${kind}/${keyOf(route.object)}/${
      rule.name ?? textOfMatches(matches.flatMap(({ value }) => value?.match ?? []))
    }`,
    backends,
    filters,
  });
  const invalid = filters.invalid ?? backends.invalid ?? problem;
  const idle = session === undefined ? [] : backends.idle.map(({ cluster }) => cluster);
  return {
    filters,
    action: actionOf(kind, filters, backends.action),
    clusters: [...backends.clusters, ...idle, ...filters.mirrorClusters],
    unresolved: [...filters.unresolved, ...backends.unresolved],
    ...(invalid === undefined ? {} : { invalid }),
    ...(session === undefined ? {} : { session }),
    ...(retry === undefined ? {} : { retry }),
  };
}

/** A cluster of its own for the routes with that backoff: what it needs costs others nothing. */
function withBackoff(resolution: Resolution, leastBackoffSeconds: number | undefined): Resolution {
  if (leastBackoffSeconds === undefined || 'problem' in resolution) return resolution;
  const { cluster } = resolution;
  const name = `${cluster.name}/backoff-${leastBackoffSeconds}`;
  return { cluster: { ...cluster, name, leastBackoffSeconds } };
}

function actionOf(kind: AnyRoute['kind'], filters: Filters, backends: IrAction): IrAction {
  if (filters.broken) return { type: 'respond', httpStatus: errorStatus(kind) };
  if (filters.redirect !== undefined) return filters.redirect;
  if (backends.type !== 'forward' || filters.rewrite === undefined) return backends;
  return { ...backends, rewrite: filters.rewrite };
}

function rankedRoutes(
  route: AnyRoute,
  ruleIndex: number,
  rule: Rule,
  matches: readonly Result<RankedMatch>[],
  body: RuleBody,
): RankedRoute[] {
  const { metadata } = route.object;
  const key = keyOf(route.object);
  const common: Omit<IrRoute, 'name' | 'match'> = {
    source: { kind: route.kind, key },
    generation: metadata.generation ?? 0,
    protocol: route.kind === 'GRPCRoute' ? 'grpc' : 'http',
    requestHeaders: body.filters.requestHeaders,
    responseHeaders: body.filters.responseHeaders,
    mirrors: body.filters.mirrors,
    ...(body.filters.cors === undefined ? {} : { cors: body.filters.cors }),
    action: body.action,
    ...(body.session === undefined ? {} : { session: body.session }),
    ...(route.kind === 'HTTPRoute' ? timeoutsOf((rule as HttpRouteRule).timeouts) : {}),
    ...(body.retry === undefined ? {} : { retry: body.retry }),
  };
  const created = timeOf(metadata.creationTimestamp);
  return matches.flatMap(({ value }, index) =>
    value === undefined
      ? []
      : {
          route: {
            name: `${route.kind}/${key}/rule/${ruleIndex}/match/${index}`,
            ...common,
            match: value.match,
          },
          specificity: value.specificity,
          created,
          rule: ruleIndex,
          match: index,
        },
  );
}
