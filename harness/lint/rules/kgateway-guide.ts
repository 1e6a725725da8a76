import type { Issue, Rule } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { hasListeners, isGrpcRoute } from '../world.ts';
import type { RouteMatch, RouteRule, World } from '../world.ts';
import { conflictIssues } from './conflicts.ts';
import { headerText, matchesOfRule } from './grpc-matches.ts';

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
  {
    id: 'kgateway-certificate-missing',
    level: 'error',
    clause: 'listener-profile-kgateway-https-only',
    check: ({ object }) =>
      !hasListeners(object)
        ? []
        : (object.spec?.listeners ?? []).flatMap(({ protocol, tls }, index): Issue[] =>
            protocol !== 'HTTPS' || tls?.options === undefined || (tls.certificateRefs ?? []).length > 0
              ? []
              : [
                  {
                    path: ['spec', 'listeners', index, 'tls'],
                    message:
                      'the guide has HTTPS listeners take their certificate from a Secret: options alone name none',
                    fix: 'name a kubernetes.io/tls Secret in tls.certificateRefs',
                  },
                ],
          ),
  },
  {
    id: 'kgateway-rules-missing',
    level: 'warning',
    clause: 'parentref-profile-kgateway-required-fields',
    check: missingRules,
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
  return conflictIssues(
    source,
    world,
    ({ rival, hostname, listener }) => ({
      message: `${rival} holds ${hostname} on listener ${listener}: the guide has the GRPCRoute rejected`,
      fix: 'give the GRPCRoute a hostname or a listener of its own',
    }),
    ({ protocol }) => protocol === 'HTTPS',
  );
}

/** The guide's field table has the first matching rule win, its tutorial the most specific one: an order that suits both is safe. */
function shadowedRules({ object }: SourceObject): Issue[] {
  if (!isGrpcRoute(object)) return [];
  const rules = object.spec?.rules ?? [];
  return rules.flatMap((rule, index) => {
    const first = rules.slice(0, index).findIndex((before) => isNarrower(rule, before));
    if (first === -1) return [];
    return [
      {
        path: ['spec', 'rules', index],
        message: `rule ${String(first)} takes all of its calls and stands before it: by the guide's field table this rule is never reached`,
        fix: 'put rules that take more behind those that take less',
      },
    ];
  });
}

/** Whether all calls of a rule fit the other, and not the other way round; those of equal rules are told elsewhere. */
function isNarrower(rule: RouteRule, other: RouteRule): boolean {
  return takes(other, rule) && !takes(rule, other);
}

function takes(wide: RouteRule, narrow: RouteRule): boolean {
  return matchesOfRule(narrow).every((match) => matchesOfRule(wide).some((other) => covers(other, match)));
}

function covers(wide: RouteMatch, narrow: RouteMatch): boolean {
  const { type = 'Exact', service, method } = wide.method ?? {};
  const { type: narrowType = 'Exact', ...own } = narrow.method ?? {};
  const isMethodFree = service === undefined && method === undefined;
  return (
    (isMethodFree || type === narrowType) &&
    (service === undefined || service === own.service) &&
    (method === undefined || method === own.method) &&
    (wide.headers ?? []).every((header) =>
      (narrow.headers ?? []).some((each) => headerText(each) === headerText(header)),
    )
  );
}

/** The guide's field table calls rules required; the schema does not. */
function missingRules({ object }: SourceObject): Issue[] {
  if (!isGrpcRoute(object) || (object.spec?.rules ?? []).length > 0) return [];
  return [
    {
      path: ['spec', 'rules'],
      message: 'the route has no rules, which the guide calls required: it serves no call',
      fix: 'add a rule with backendRefs',
    },
  ];
}
