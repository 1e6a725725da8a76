import { setTimeout as delay } from 'node:timers/promises';
import { keyOf } from '../../common/object-key.ts';
import type { ApiClient } from './api-client.ts';
import type { KubeObject, WatchEvent } from './types.ts';

/** 410 Gone and network trouble both end a watch; listing again at once would be a busy loop while the server is away. */
const relistDelayMs = 200;

export interface InformerHandler<T> {
  changed(object: T, previous: T | undefined): void;
  deleted?(object: T): void;
  /** Called for each failed list or watch. */
  failed?(error: unknown): void;
}

/** Keeps a copy of one collection by list and watch, and tells about each change. */
export class Informer<T extends KubeObject> {
  readonly #api: ApiClient;
  readonly #path: string;
  readonly #handler: InformerHandler<T>;
  readonly #objects = new Map<string, T>();
  readonly #stop = new AbortController();

  /** @param path - of the collection, such as /api/v1/pods; a query may be part of it */
  constructor(api: ApiClient, path: string, handler: InformerHandler<T>) {
    this.#api = api;
    this.#path = path;
    this.#handler = handler;
  }

  /** Resolves after the first list; watching goes on until `stop`. */
  async start(): Promise<void> {
    const version = await this.#list();
    void this.#watchForever(version);
  }

  stop(): void {
    this.#stop.abort();
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  values(): IterableIterator<T> {
    return this.#objects.values();
  }

  /** As a call, for it changes while this class waits. */
  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #list(): Promise<string> {
    const list = await this.#api.get<{ metadata: { resourceVersion: string }; items: T[] }>(this.#path);
    const gone = new Set(this.#objects.keys());
    for (const object of list.items) {
      gone.delete(keyOf(object));
      this.#set(object);
    }
    for (const key of gone) this.#remove(key);
    return list.metadata.resourceVersion;
  }

  async #watchForever(version: string): Promise<void> {
    let from: string | undefined = version;
    while (!this.#isStopped()) {
      try {
        from ??= await this.#list();
        from = await this.#watch(from);
      } catch (error) {
        if (this.#isStopped()) return;
        this.#handler.failed?.(error);
        from = undefined;
        await delay(relistDelayMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      }
    }
  }

  /** @returns the version to go on from when the server ended the watch in good order */
  async #watch(from: string): Promise<string | undefined> {
    const join = this.#path.includes('?') ? '&' : '?';
    const query = `${join}watch=1&allowWatchBookmarks=true&resourceVersion=${from}`;
    const response = await this.#api.stream(this.#path + query, this.#stop.signal);
    response.setEncoding('utf8');
    let version: string | undefined = from;
    for await (const line of linesOf(response)) {
      version = this.#apply(JSON.parse(line) as WatchEvent<T>);
      if (version === undefined) return undefined;
    }
    return version;
  }

  #apply(event: WatchEvent<T>): string | undefined {
    const version = event.object.metadata?.resourceVersion;
    switch (event.type) {
      case 'ADDED':
      case 'MODIFIED':
        this.#set(event.object);
        return version;
      case 'DELETED':
        this.#objects.set(keyOf(event.object), event.object);
        this.#remove(keyOf(event.object));
        return version;
      case 'BOOKMARK':
        return version;
      case 'ERROR':
        return undefined;
    }
  }

  #set(object: T): void {
    const key = keyOf(object);
    let previous = this.#objects.get(key);
    if (previous?.metadata?.resourceVersion === object.metadata?.resourceVersion && previous !== undefined)
      return;
    if (previous !== undefined && previous.metadata?.uid !== object.metadata?.uid) {
      this.#handler.deleted?.(previous);
      previous = undefined;
    }
    this.#objects.set(key, object);
    this.#handler.changed(object, previous);
  }

  #remove(key: string): void {
    const object = this.#objects.get(key);
    if (object === undefined) return;
    this.#objects.delete(key);
    this.#handler.deleted?.(object);
  }
}

/** Complete lines of a stream of text; a last line without its end is dropped, as a watch that broke off would leave. */
async function* linesOf(stream: AsyncIterable<unknown>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
