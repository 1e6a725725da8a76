import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiClient } from '../../../api/api-client.ts';
import type { KeyToPath, Pod, Volume } from '../../../api/types.ts';
import { metaOf } from '../../../api/types.ts';
import type { ConfigSource } from '../values/config-source.ts';
import type { NodeResources } from '../values/field-ref.ts';
import { fieldValue, resourceValue } from '../values/field-ref.ts';
import { defaultFileMode, payloadOf, samePayload } from './payload.ts';
import type { Payload } from './payload.ts';
import { refreshAt, requestToken } from './service-account-token.ts';
import type { ServiceAccountToken } from './service-account-token.ts';
import { writePayload } from './write-payload.ts';

export interface PodVolumesOptions {
  api: ApiClient;
  config: ConfigSource;
  node: NodeResources;
  tokenRefreshShare: number;
  /** Of this pod's volumes. */
  dir: string;
  pod: Pod;
  podIp: string;
}

type Projection = NonNullable<NonNullable<Volume['projected']>['sources']>[number];
type DownwardItem = NonNullable<NonNullable<Volume['downwardAPI']>['items']>[number];

/** The volumes of one pod: directories that its containers' mounts are bound to. */
export class PodVolumes {
  readonly #options: PodVolumesOptions;
  readonly #written = new Map<string, Payload>();
  /** By volume and path. */
  readonly #tokens = new Map<string, ServiceAccountToken>();
  #syncing: Promise<unknown> = Promise.resolve();

  constructor(options: PodVolumesOptions) {
    this.#options = options;
  }

  /** Milliseconds since the epoch at which `sync` has to be called to make tokens again; Infinity when there are none. */
  get refreshAtMs(): number {
    const share = this.#options.tokenRefreshShare;
    return Math.min(Infinity, ...[...this.#tokens.values()].map((token) => refreshAt(token, share)));
  }

  directoryOf(name: string): string {
    return join(this.#options.dir, name);
  }

  /**
   * Writes all volumes, or those whose content has changed since. @param pod - as it is now
   *
   * @throws Error - when something they are made of is missing, or for a kind of volume that cannot be had here
   */
  sync(pod: Pod): Promise<void> {
    this.#options.pod = pod;
    // One at a time: a token's refresh and a changed ConfigMap would replace the same link.
    const result = this.#syncing.then(() => this.#syncAll());
    this.#syncing = result.catch(() => undefined);
    return result;
  }

  /** Whether a ConfigMap or Secret is part of a volume. */
  uses(kind: 'configmap' | 'secret', name: string): boolean {
    return (this.#options.pod.spec?.volumes ?? []).some(({ configMap, secret, projected }) => {
      const sources = projected?.sources ?? [];
      if (kind === 'secret')
        return secret?.secretName === name || sources.some((source) => source.secret?.name === name);
      return configMap?.name === name || sources.some((source) => source.configMap?.name === name);
    });
  }

  async #syncAll(): Promise<void> {
    const { volumes = [] } = this.#options.pod.spec ?? {};
    await Promise.all(volumes.map((volume) => this.#syncVolume(volume)));
  }

  async #syncVolume(volume: Volume): Promise<void> {
    const dir = this.directoryOf(volume.name);
    if (volume.emptyDir !== undefined) {
      await mkdir(dir, { recursive: true });
      return;
    }
    const payload = await this.#payload(volume);
    const before = this.#written.get(volume.name);
    if (before !== undefined && samePayload(before, payload)) return;
    await writePayload(dir, payload);
    this.#written.set(volume.name, payload);
  }

  async #payload(volume: Volume): Promise<Payload> {
    const { configMap, secret, projected, downwardAPI } = volume;
    if (configMap !== undefined) return this.#configPayload('configmap', configMap.name, configMap);
    if (secret !== undefined) return this.#configPayload('secret', secret.secretName, secret);
    if (downwardAPI !== undefined) return this.#downwardPayload(downwardAPI.items, downwardAPI.defaultMode);
    if (projected !== undefined) {
      const { defaultMode } = projected;
      const parts = await Promise.all(
        (projected.sources ?? []).map((source) => this.#projection(volume.name, source, defaultMode)),
      );
      return Object.assign({}, ...parts) as Payload;
    }
    const kind = Object.keys(volume).find((key) => key !== 'name') ?? 'unknown';
    throw new Error(
      `volume "${volume.name}" is of kind ${kind}; the local cluster has configMap, secret, emptyDir, projected and downwardAPI`,
    );
  }

  #projection(volume: string, source: Projection, defaultMode: number | undefined): Promise<Payload> {
    const { configMap, secret, downwardAPI, serviceAccountToken } = source;
    if (configMap !== undefined)
      return this.#configPayload('configmap', configMap.name, { ...configMap, defaultMode });
    if (secret !== undefined) return this.#configPayload('secret', secret.name, { ...secret, defaultMode });
    if (downwardAPI !== undefined)
      return Promise.resolve(this.#downwardPayload(downwardAPI.items, defaultMode));
    if (serviceAccountToken !== undefined)
      return this.#tokenPayload(volume, serviceAccountToken, defaultMode);
    throw new Error(`a projected source of kind ${Object.keys(source).join()} is not supported`);
  }

  async #configPayload(
    kind: 'configmap' | 'secret',
    name: string | undefined,
    options: { items?: KeyToPath[]; defaultMode?: number | undefined; optional?: boolean },
  ): Promise<Payload> {
    const { items, defaultMode, optional = false } = options;
    const data = await this.#options.config.read(
      kind,
      metaOf(this.#options.pod).namespace,
      name ?? '',
      optional,
    );
    return payloadOf(data, { items, defaultMode, optional, source: `${kind} "${name ?? ''}"` });
  }

  #downwardPayload(items: DownwardItem[] = [], defaultMode: number | undefined): Payload {
    const { pod, podIp, node } = this.#options;
    const valueOf = ({ fieldRef, resourceFieldRef }: DownwardItem): string => {
      if (fieldRef !== undefined) return fieldValue(fieldRef.fieldPath, pod, podIp);
      const container = pod.spec?.containers.find(({ name }) => name === resourceFieldRef?.containerName);
      if (resourceFieldRef === undefined || container === undefined) return '';
      return resourceValue(resourceFieldRef.resource, resourceFieldRef.divisor, container, node);
    };
    const files = items.map((item) => {
      const file = { content: Buffer.from(valueOf(item)), mode: item.mode ?? defaultMode ?? defaultFileMode };
      return [item.path, file] as const;
    });
    return Object.fromEntries(files);
  }

  async #tokenPayload(
    volume: string,
    request: { audience?: string; expirationSeconds?: number; path: string },
    defaultMode: number | undefined,
  ): Promise<Payload> {
    const key = `${volume}/${request.path}`;
    const kept = this.#tokens.get(key);
    const isFresh = kept !== undefined && Date.now() < refreshAt(kept, this.#options.tokenRefreshShare);
    const token = isFresh ? kept : await requestToken(this.#options.api, this.#options.pod, request);
    this.#tokens.set(key, token);
    return { [request.path]: { content: Buffer.from(token.value), mode: defaultMode ?? defaultFileMode } };
  }
}
