import { messageOf } from '../../common/errors.ts';
import type { ApiClient } from '../provider/api-client.ts';
import type { FaultContext } from './fault.ts';

/** Writes annotations by merge patch, each only once at a time; one that failed is asked for again with the next event. */
export function annotator(
  client: Pick<ApiClient, 'json'>,
  failed: (message: string) => void,
): FaultContext['annotate'] {
  const writing = new Set<string>();
  return ({ plural, namespace, name }, annotations) => {
    const path = `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/${plural}/${name}`;
    if (writing.has(path)) return;
    writing.add(path);
    client
      .json({
        method: 'PATCH',
        path,
        contentType: 'application/merge-patch+json',
        body: { metadata: { annotations } },
      })
      .catch((error: unknown) => failed(messageOf(error)))
      .finally(() => writing.delete(path));
  };
}
