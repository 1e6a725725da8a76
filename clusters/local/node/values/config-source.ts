import type { ApiClient } from '../../../api/api-client.ts';
import { orUndefined } from '../../../api/api-client.ts';
import type { ConfigMap, Secret } from '../../../api/types.ts';

/** Data of a ConfigMap or Secret, as bytes. */
export type ConfigData = Record<string, Buffer>;

export type ConfigKind = 'configmap' | 'secret';

/**
 * Reads ConfigMaps and Secrets. They are read from the API server and not from a watch, which may not have seen yet what was
 * written right before the pod.
 */
export class ConfigSource {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** @throws Error - `configmap "NAME" not found`, unless `optional` */
  async read(kind: ConfigKind, namespace: string, name: string, optional: boolean): Promise<ConfigData> {
    const path = `/api/v1/namespaces/${namespace}/${kind}s/${name}`;
    const object = await orUndefined(this.#api.get<ConfigMap & Secret>(path));
    if (object !== undefined) return kind === 'secret' ? secretData(object) : configMapData(object);
    if (optional) return {};
    throw new Error(`${kind} "${name}" not found`);
  }
}

export function configMapData({ data = {}, binaryData = {} }: ConfigMap): ConfigData {
  const texts = Object.entries(data).map(([key, value]) => [key, Buffer.from(value)] as const);
  return Object.fromEntries([...texts, ...decoded(binaryData)]);
}

export function secretData({ data = {} }: Secret): ConfigData {
  return Object.fromEntries(decoded(data));
}

function decoded(data: Record<string, string>): (readonly [string, Buffer])[] {
  return Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')] as const);
}
