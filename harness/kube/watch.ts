import { createInterface } from 'node:readline';
import { keyOf, type ObjectKey } from '../../common/object-key.ts';
import { messageOf } from '../../common/errors.ts';
import type { KubeClient } from './client.ts';
import type { KindInfo } from './kinds.ts';
import { ApiRefusal } from './refusal.ts';
import type { KubeObject } from './objects.ts';

/** `object` is undefined once it is gone. */
export type WatchListener = (
  object: KubeObject | undefined,
  previous: KubeObject | undefined,
  key: ObjectKey,
) => void;

interface WatchLine {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: KubeObject & { code?: number };
}

/** One connection that mirrors all objects of a kind (in one namespace or all); whoever waits listens to the mirror. */
export class ResourceWatch {
  readonly #client: KubeClient;
  readonly #info: KindInfo;
  readonly #namespace: string | undefined;
  readonly #objects = new Map<ObjectKey, KubeObject>();
  readonly #listeners = new Set<WatchListener>();
  readonly #stop = new AbortController();
  #resourceVersion = '';
  #started: Promise<void> | undefined;
  #retryMs = 20;

  constructor(client: KubeClient, info: KindInfo, namespace?: string) {
    this.#client = client;
    this.#info = info;
    this.#namespace = namespace;
  }

  /** Resolves once the objects that exist are mirrored. */
  start(): Promise<void> {
    this.#started ??= this.#relist().then(() => {
      void this.#follow();
    });
    return this.#started;
  }

  get(key: ObjectKey): KubeObject | undefined {
    return this.#objects.get(key);
  }

  all(): IterableIterator<KubeObject> {
    return this.#objects.values();
  }

  /** Calls `listener` on every later change; returns how to stop that. */
  listen(listener: WatchListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    this.#stop.abort();
    this.#listeners.clear();
  }

  async #relist(): Promise<void> {
    const { items, resourceVersion } = await this.#client.list<KubeObject>(this.#info, this.#namespace);
    const present = new Set(items.map(keyOf));
    for (const key of [...this.#objects.keys()]) if (!present.has(key)) this.#set(key, undefined);
    for (const item of items) this.#set(keyOf(item), item);
    this.#resourceVersion = resourceVersion;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const broken: unknown = await this.#stream().catch((error: unknown) => error);
      if (broken !== undefined && !isAborted(signal)) await this.#recover(broken);
    }
  }

  /** 410 Gone: the version is no longer in the server's window, start over from a list. */
  async #recover(error: unknown): Promise<void> {
    try {
      if (error instanceof ApiRefusal && error.status === 410) {
        await this.#relist();
        return;
      }
      if (!(error instanceof ApiRefusal)) await this.#client.send('GET', '/readyz');
    } catch (again) {
      this.#client.onUnreachable(new Error(messageOf(again)));
    }
    await pause(this.#retryMs, this.#stop.signal);
    this.#retryMs = Math.min(this.#retryMs * 2, 1_000);
  }

  async #stream(): Promise<void> {
    const response = await this.#client.watch(
      this.#info,
      this.#namespace,
      this.#resourceVersion,
      this.#stop.signal,
    );
    this.#retryMs = 20;
    for await (const text of createInterface({ input: response })) {
      if (text === '') continue;
      const line = JSON.parse(text) as WatchLine;
      if (line.type === 'ERROR')
        throw new ApiRefusal(line.object.code ?? 0, JSON.stringify(line.object), 'Watch');
      this.#resourceVersion = line.object.metadata?.resourceVersion ?? this.#resourceVersion;
      if (line.type !== 'BOOKMARK')
        this.#set(keyOf(line.object), line.type === 'DELETED' ? undefined : line.object);
    }
  }

  #set(key: ObjectKey, object: KubeObject | undefined): void {
    const previous = this.#objects.get(key);
    if (object === undefined) this.#objects.delete(key);
    else this.#objects.set(key, object);
    for (const listener of [...this.#listeners]) listener(object, previous, key);
  }
}

/** Asked anew: the checker takes a signal for as it was before an await. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
