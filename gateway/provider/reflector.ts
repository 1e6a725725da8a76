import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { messageOf } from '../../common/errors.ts';
import { ApiStatusError } from './api-client.ts';
import type { ApiClient } from './api-client.ts';
import { watchEvents } from './watch-events.ts';
import type { KubeObject, ObjectStore } from './object-store.ts';

export interface ReflectorOptions<T extends KubeObject> {
  client: ApiClient;
  /** Of the collection, without query: `/apis/apps/v1/deployments`. */
  path: string;
  /** The same collection in an older version of its API, for clusters that do not serve that of `path`. */
  olderPath?: string;
  /** `labelSelector=...` or `fieldSelector=...`, encoded. */
  selector?: string;
  store: ObjectStore<T>;
  log: Logger;
  /** A cluster may not have the kind: then the store is empty, until it gets it. */
  optional?: true;
  /** Asks for the objects' metadata alone. */
  metadataOnly?: true;
}

/** Of the API server's own group; the answers to a list and to a watch differ in kind. */
const metadataOf = (kind: string): string => `application/json;as=${kind};g=meta.k8s.io;v=v1`;

interface List<T> {
  metadata: { resourceVersion: string };
  items: T[] | null;
}

const isNotServed = (error: unknown): boolean => error instanceof ApiStatusError && error.code === 404;

const firstBackOffMs = 100;
const longestBackOffMs = 5000;
/** Watches end by themselves, not all at once: an API server closes them after about that time anyway. */
const watchSeconds = { least: 300, spread: 300 };

/** Keeps a store equal to a collection of the API server: one list, then watches from there, a new list when history is gone. */
export class Reflector<T extends KubeObject> {
  readonly #options: ReflectorOptions<T>;
  readonly #stop = new AbortController();
  #path: string;
  #resourceVersion: string | undefined;
  #listed = false;
  #failures = 0;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#path = options.path;
  }

  /** Resolves when the store holds the first list; goes on until `stop`. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      void this.#run(resolve);
    });
  }

  stop(): void {
    this.#stop.abort();
  }

  async #run(listed: () => void): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        if (this.#resourceVersion === undefined) await this.#list();
        listed();
        await this.#watch();
      } catch (error) {
        const isMissing = this.#options.optional === true && isNotServed(error);
        if (isMissing) this.#options.store.replace([]);
        if (isMissing) listed();
        await this.#backOff(error, isMissing ? 'debug' : 'warn');
        if (isNotServed(error)) this.#path = this.#otherPath();
      }
    }
  }

  /** What to ask for next, where the API server does not know this one. */
  #otherPath(): string {
    const { path, olderPath = path } = this.#options;
    return this.#path === path ? olderPath : path;
  }

  async #list(): Promise<void> {
    const { client, selector, store, metadataOnly } = this.#options;
    // Version 0: what the API server has in memory, which is enough to start from. Later lists must not go back in time.
    const version = this.#listed ? undefined : 'resourceVersion=0';
    const query = [version, selector].filter((part) => part !== undefined).join('&');
    const list = await client.json<List<T>>({
      method: 'GET',
      path: `${this.#path}?${query}`,
      ...(metadataOnly && { accept: metadataOf('PartialObjectMetadataList') }),
    });
    this.#listed = true;
    store.replace(list.items ?? []);
    this.#resourceVersion = list.metadata.resourceVersion;
    this.#failures = 0;
  }

  async #watch(): Promise<void> {
    const { client, selector, store, metadataOnly } = this.#options;
    const path = this.#path;
    const timeout = Math.round(watchSeconds.least + Math.random() * watchSeconds.spread);
    const query = [
      'watch=1',
      'allowWatchBookmarks=true',
      `resourceVersion=${this.#resourceVersion}`,
      `timeoutSeconds=${timeout}`,
      selector,
    ];
    const response = await client.stream(
      `${path}?${query.filter((part) => part !== undefined).join('&')}`,
      this.#stop.signal,
      metadataOnly && metadataOf('PartialObjectMetadata'),
    );
    for await (const event of watchEvents<T>(response)) {
      this.#failures = 0;
      if (event.type === 'ERROR')
        throw new ApiStatusError(`watch ${path}`, event.object.code, event.object.message);
      if (event.type === 'DELETED') store.delete(event.object);
      else if (event.type !== 'BOOKMARK') store.set(event.object);
      this.#resourceVersion = event.object.metadata.resourceVersion ?? this.#resourceVersion;
    }
  }

  async #backOff(error: unknown, level: 'debug' | 'warn'): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const { log } = this.#options;
    const path = this.#path;
    // 410 Gone: the version is older than what the API server remembers.
    if (error instanceof ApiStatusError && error.code === 410) {
      this.#resourceVersion = undefined;
      log.info({ path }, 'the watch is too old: listing again');
      if (this.#failures === 0) {
        this.#failures = 1;
        return;
      }
    } else if (error instanceof ApiStatusError) this.#resourceVersion = undefined;
    const waitMs = Math.min(firstBackOffMs * 2 ** this.#failures, longestBackOffMs);
    this.#failures += 1;
    log[level]({ path, error: messageOf(error), waitMs }, 'the API server cannot be watched: trying again');
    // Half of it at random, so that many watches do not come back at once.
    await delay(waitMs * (0.5 + Math.random() / 2), undefined, { signal: this.#stop.signal }).catch(
      () => undefined,
    );
  }
}
