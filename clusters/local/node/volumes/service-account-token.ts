import type { ApiClient } from '../../api/api-client.ts';
import type { Pod } from '../../api/types.ts';
import { metaOf } from '../../api/types.ts';

export interface ServiceAccountToken {
  value: string;
  issuedAtMs: number;
  expiresAtMs: number;
}

/** Kubernetes' default and the least that it allows is 600 s. */
const defaultExpirationSeconds = 3600;
/** Like a kubelet: made again after four fifths of its life. */
const refreshAfterShare = 0.8;

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
export function refreshAt({ issuedAtMs, expiresAtMs }: ServiceAccountToken): number {
  return issuedAtMs + (expiresAtMs - issuedAtMs) * refreshAfterShare;
}
