import type { GrpcRoute, GrpcRouteRule } from '../../translate/model/gateway-api.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { IrRoute } from '../../ir/ir.ts';
import type { FaultContext, FaultHooks } from '../fault.ts';
import { onMatches } from '../hooks/ir.ts';
import { onRules } from '../hooks/objects.ts';
import { escapeRegex } from '../hooks/text.ts';
import { httpsOnly } from './https-only.ts';

/** The translator has no use for annotations. */
interface Annotated {
  annotations?: Record<string, string>;
}

const maxHeaderMatches = 5;

/** The annotation of the AWS Gateway API Controller. */
export const domainAnnotation = 'application-networking.k8s.aws/lattice-assigned-domain-name';

/**
 * As the GRPCRoute page of the AWS Gateway API Controller tells it: HTTPS listeners only, a method match a rule and never without a
 * service, five header matches a rule, methods without regard to case, a domain name assigned in an annotation.
 */
export function awsVpcLattice({ annotate }: FaultContext): FaultHooks {
  const https = httpsOnly();
  const limits = onRules(withinLimits);
  return {
    input: (input) => limits(https.input(input)),
    ir: onMatches((match) => ({ ...match, path: withoutCase(match.path) })),
    statuses: (statuses, input) => {
      for (const route of withoutDomain(input)) {
        const { name, namespace = '' } = route.metadata;
        annotate({ plural: 'grpcroutes', namespace, name }, { [domainAnnotation]: domainOf(route) });
      }
      return [...statuses];
    },
  };
}

/** A rule beyond the limits, as one with a match that no route may have: it is refused, and says what it is refused for. */
function withinLimits(rule: GrpcRouteRule): GrpcRouteRule {
  const problem = problemOf(rule);
  if (problem === undefined) return rule;
  return { ...rule, matches: [{ method: { type: 'RegularExpression', service: `(${problem}` } }] };
}

function problemOf({ matches = [] }: GrpcRouteRule): string | undefined {
  const methods = matches.flatMap(({ method }) => (method === undefined ? [] : [method]));
  if (methods.length > 1) return 'one method match is allowed within a rule';
  if (methods.some(({ service = '' }) => service === ''))
    return 'a method without a service is not supported';
  const headers = matches.reduce((sum, match) => sum + (match.headers?.length ?? 0), 0);
  return headers > maxHeaderMatches ? 'at most 5 header matches are supported in a rule' : undefined;
}

function withoutCase(path: IrRoute['match']['path']): IrRoute['match']['path'] {
  if (path.type === 'regex') return { type: 'regex', value: `(?i)${path.value}` };
  if (path.type === 'exact') return { type: 'regex', value: `(?i)${escapeRegex(path.value)}` };
  return path.value === '/' ? path : { type: 'regex', value: `(?i)${escapeRegex(path.value)}.*` };
}

/** Routes that are ready and have no domain name yet. */
function withoutDomain({ objects, controllerName }: TranslateInput): GrpcRoute[] {
  return objects.grpcRoutes.filter(
    ({ metadata, status }) =>
      (metadata as Annotated).annotations?.[domainAnnotation] === undefined &&
      (status?.parents ?? []).some(
        (parent) =>
          parent.controllerName === controllerName &&
          ['Accepted', 'ResolvedRefs'].every((type) =>
            parent.conditions?.some((one) => one.type === type && one.status === 'True'),
          ),
      ),
  );
}

/** Names of the service network are of this form; what it is made of is the controller's own affair. */
function domainOf({ metadata }: GrpcRoute): string {
  const label = `${metadata.name}-${metadata.namespace ?? ''}`.slice(0, 63).replace(/-+$/, '');
  return `${label}.7d67968.vpc-lattice-svcs.us-west-2.on.aws`;
}
