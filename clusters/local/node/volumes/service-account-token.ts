import { RouteproofError } from '../../../../common/errors.ts';
import type { ApiClient } from '../../../api/api-client.ts';
import type { Pod } from '../../../api/types.ts';
import { metaOf } from '../../../api/types.ts';

export interface ServiceAccountToken {
  value: string;
  issuedAtMs: number;
  expiresAtMs: number;
}

/** Kubernetes' default and the least that it allows is 600 s. */
const defaultExpirationSeconds = 3600;
/** As a kubelet has it. */
const defaultRefreshShare = 0.8;
const refreshShareVariable = 'ROUTEPROOF_TOKEN_REFRESH_SHARE';

/**
 * After which share of its life a token is made again: 0.8, or what ROUTEPROOF_TOKEN_REFRESH_SHARE says. A small one shows within
 * seconds whether a controller takes over the tokens it is given.
 *
 * @throws RouteproofError USAGE - when it is not a number above 0 and up to 1
 */
export function tokenRefreshShare(env: NodeJS.ProcessEnv = process.env): number {
  const text = env[refreshShareVariable] ?? '';
  const share = text === '' ? defaultRefreshShare : Number(text);
  if (share > 0 && share <= 1) return share;
  throw new RouteproofError('USAGE', "the share of a token's life must be above 0 and at most 1", {
    object: refreshShareVariable,
    seen: text,
    hint: `such as 0.01, or unset it for ${defaultRefreshShare}`,
  });
}

/** Asks for a token of the pod's service account that is bound to the pod. @throws ApiError */
export async function requestToken(
  api: ApiClient,
  pod: Pod,
  request: { audience?: string; expirationSeconds?: number },
): Promise<ServiceAccountToken> {
  const { namespace, name, uid } = metaOf(pod);
  const account = pod.spec?.serviceAccountName ?? 'default';
  const issuedAtMs = Date.now();
  const answer = await api.post<{ status: { token: string; expirationTimestamp: string } }>(
    `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {
        audiences: request.audience === undefined ? [] : [request.audience],
        expirationSeconds: request.expirationSeconds ?? defaultExpirationSeconds,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
      },
    },
  );
  return {
    value: answer.status.token,
    issuedAtMs,
    expiresAtMs: Date.parse(answer.status.expirationTimestamp),
  };
}

/** When to make it again, in milliseconds since the epoch. */
export function refreshAt({ issuedAtMs, expiresAtMs }: ServiceAccountToken, share: number): number {
  return issuedAtMs + (expiresAtMs - issuedAtMs) * share;
}
