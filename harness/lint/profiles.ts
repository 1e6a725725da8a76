import type { Level, Rule } from './rule.ts';
import { attachmentRules } from './rules/attachment.ts';
import { awsVpcLatticeRules } from './rules/aws-vpc-lattice.ts';
import { matchRules } from './rules/grpc-matches.ts';
import { backendTlsRules } from './rules/backend-tls.ts';
import { kgatewayGuideRules } from './rules/kgateway-guide.ts';
import { certificateRules } from './rules/certificates.ts';
import { filterRules } from './rules/filters.ts';
import { grantRules } from './rules/grants.ts';
import { listenerConflictRules } from './rules/listener-conflicts.ts';
import { listenerRules } from './rules/listeners.ts';
import { objectRules } from './rules/objects.ts';
import { nearNameRules } from './rules/near-names.ts';
import { parentRules } from './rules/parents.ts';
import { rivalRouteRules } from './rules/rival-routes.ts';
import { regularExpressionRules } from './rules/regular-expressions.ts';
import { selectorRules } from './rules/selectors.ts';
import { gatewayGrantRules } from './rules/gateway-grants.ts';
import { referenceRules } from './rules/references.ts';

export const lintProfiles = ['standard', 'kgateway-guide', 'aws-vpc-lattice'] as const;
export type LintProfile = (typeof lintProfiles)[number];

/** Whether the name is one of them. */
export function isLintProfile(name: string): name is LintProfile {
  return (lintProfiles as readonly string[]).includes(name);
}

const specRules: readonly Rule[] = [
  ...objectRules,
  ...parentRules,
  ...attachmentRules,
  ...referenceRules,
  ...grantRules,
  ...gatewayGrantRules,
  ...matchRules,
  ...rivalRouteRules,
  ...regularExpressionRules,
  ...filterRules,
  ...listenerRules,
  ...listenerConflictRules,
  ...selectorRules,
  ...certificateRules,
  ...backendTlsRules,
  ...nearNameRules,
];

/** The spec's rules, and what the product of the profile documents besides; a rule that another one replaces is left out. */
export function rulesOf(profile: LintProfile): readonly Rule[] {
  if (profile === 'kgateway-guide')
    return [
      ...without('hostname-shared-with-httproute').map((rule) => ({
        ...rule,
        level: levelsOfKgateway[rule.id] ?? rule.level,
      })),
      ...kgatewayGuideRules,
    ];
  if (profile === 'aws-vpc-lattice')
    return [...without('method-without-service', 'backend-kind'), ...awsVpcLatticeRules];
  return specRules;
}

/** Its guide asks for a certificate, and its routes delegate to routes. */
const levelsOfKgateway: Readonly<Record<string, Level>> = {
  'certificate-missing': 'error',
  'route-as-backend': 'note',
  'route-as-parent': 'note',
};

function without(...ids: string[]): Rule[] {
  return specRules.filter((rule) => !ids.includes(rule.id));
}
