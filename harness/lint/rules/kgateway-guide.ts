import type { Issue, Rule } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { isGrpcRoute } from '../world.ts';
import type { RouteRule, World } from '../world.ts';
import { conflictIssues } from './conflicts.ts';

/** What kgateway's GRPCRoute guide says beyond the spec. */
export const kgatewayGuideRules: Rule[] = [
  {
    id: 'kgateway-https-only',
    level: 'error',
    clause: 'listener-profile-kgateway-http-rejected',
    check: plainListeners,
  },
  {
    id: 'kgateway-hostname-taken',
    level: 'error',
    clause: 'hostname-profile-kgateway-grpcroute-loses',
    check: takenHostnames,
  },
  {
    id: 'kgateway-rule-order',
    level: 'warning',
    clause: 'precedence-profile-kgateway-listing-order',
    check: shadowedRules,
  },
];

function plainListeners({ object }: SourceObject, world: World): Issue[] {
  if (!isGrpcRoute(object)) return [];
  return world.attachmentsOf(object).flatMap(({ path, listeners }) =>
    listeners.length === 0 || listeners.some(({ protocol }) => protocol === 'HTTPS')
      ? []
      : [
          {
            path: [...path, 'name'],
            message: `the guide has GRPCRoute attach to HTTPS listeners only; these are ${listeners.map(({ protocol = '' }) => protocol).join(', ')}: Accepted will be False`,
            fix: 'add a listener of protocol HTTPS with a certificate, and attach to it',
          },
        ],
  );
}

function takenHostnames(source: SourceObject, world: World): Issue[] {
  return conflictIssues(source, world, (rival, listener) => ({
    message: `HTTPRoute ${rival} holds the hostname on listener ${listener}: the guide has the GRPCRoute rejected`,
    fix: 'give the GRPCRoute a hostname or a listener of its own',
  }));
}

/** The guide's field table has the first matching rule win, its tutorial the most specific one: an order that suits both is safe. */
function shadowedRules({ object }: SourceObject): Issue[] {
  if (!isGrpcRoute(object)) return [];
  const rules = object.spec?.rules ?? [];
  const first = rules.findIndex(takesAll);
  return rules.flatMap((rule, index) =>
    first === -1 || index <= first || takesAll(rule)
      ? []
      : [
          {
            path: ['spec', 'rules', index],
            message: `rule ${String(first)} takes every call and stands before this one: by the guide's field table this rule is never reached`,
            fix: 'put the rule that takes everything last',
          },
        ],
  );
}

function takesAll({ matches = [] }: RouteRule): boolean {
  return (
    matches.length === 0 ||
    matches.some(({ method, headers = [] }) => method === undefined && headers.length === 0)
  );
}
