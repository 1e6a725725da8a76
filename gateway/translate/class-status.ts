import { mergeConditions, positive } from './model/conditions.ts';
import { compareText } from './memory/compare-text.ts';
import { supportedVersion, versionOf } from './crd-versions.ts';
import type { Crd, GatewayClass, GatewayClassStatus } from './model/gateway-api.ts';
import type { Problem } from './model/problems.ts';

/**
 * What the bundled gateway implements beyond doubt, in ascending order as the API asks. A name goes in here only together
 * with scenarios or golden cases that prove the feature.
 */
const everywhere: readonly string[] = [
  'BackendTLSPolicy',
  'BackendTLSPolicySANValidation',
  'GRPCRoute',
  'GRPCRouteNamedRouteRule',
  'Gateway',
  'GatewayAddressEmpty',
  'GatewayBackendClientCertificate',
  'GatewayFrontendClientCertificateValidation',
  'GatewayFrontendClientCertificateValidationInsecureFallback',
  'GatewayHTTPListenerIsolation',
  'GatewayHTTPSListenerDetectMisdirectedRequests',
  'GatewayInfrastructure',
  'GatewayPort8080',
  'GatewayRouteHostnameIntersectionPrecedence',
  'HTTPRoute',
  'HTTPRoute303RedirectStatusCode',
  'HTTPRoute307RedirectStatusCode',
  'HTTPRoute308RedirectStatusCode',
  'HTTPRouteBackendProtocolH2C',
  'HTTPRouteBackendProtocolWebSocket',
  'HTTPRouteBackendRequestHeaderModification',
  'HTTPRouteBackendTimeout',
  'HTTPRouteCORS',
  'HTTPRouteDestinationPortMatching',
  'HTTPRouteHostRewrite',
  'HTTPRouteMethodMatching',
  'HTTPRouteNamedRouteRule',
  'HTTPRouteParentRefPort',
  'HTTPRoutePathRedirect',
  'HTTPRoutePathRewrite',
  'HTTPRoutePortRedirect',
  'HTTPRouteQueryParamMatching',
  'HTTPRouteRequestMirror',
  'HTTPRouteRequestMultipleMirrors',
  'HTTPRouteRequestPercentageMirror',
  'HTTPRouteRequestTimeout',
  'HTTPRouteResponseHeaderModification',
  'HTTPRouteSchemeRedirect',
  'ListenerSet',
  'ReferenceGrant',
];

/**
 * What the class claims where these CRDs are installed. Retries of HTTPRoutes are in the experimental channel alone until v1.7.0, which
 * has them in both and gives them another name.
 */
export function supportedFeatures(crds: readonly Crd[]): string[] {
  const { release, channel } = versionOf(crds, 'httproutes');
  const isOld = /^v1\.[0-6]\./.test(release);
  const hasRetry = release !== '' && (!isOld || channel === 'experimental');
  const retries = [isOld ? 'HTTPRouteRetry' : 'HTTPRouteRetryCodes', 'HTTPRouteRetryConnectionError'];
  return [...everywhere, ...(hasRetry ? retries : [])].sort(compareText);
}

/** Why a class of ours is not accepted; undefined when it is. */
export function classProblem(gatewayClass: GatewayClass): Problem | undefined {
  const parameters = gatewayClass.spec.parametersRef;
  if (parameters === undefined) return undefined;
  return {
    reason: 'InvalidParameters',
    message: `spec.parametersRef: kind ${parameters.kind} of group "${parameters.group}" is not supported`,
  };
}

export function classStatus(
  gatewayClass: GatewayClass,
  { crds, now }: { crds: readonly Crd[]; now: string },
): GatewayClassStatus {
  const accepted = positive('Accepted', 'Accepted', 'GatewayClass is accepted', classProblem(gatewayClass));
  const version = supportedVersion(crds);
  const desired = version === undefined ? [accepted] : [accepted, version];
  const { generation } = gatewayClass.metadata;
  const owned = desired.map(({ type }) => type);
  return {
    ...gatewayClass.status,
    conditions: mergeConditions(gatewayClass.status?.conditions, desired, owned, { generation, now }),
    supportedFeatures: supportedFeatures(crds).map((name) => ({ name })),
  };
}
