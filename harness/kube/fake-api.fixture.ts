import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { given } from '../../common/given.ts';
import type { KubeObject } from './objects.ts';

interface Watcher {
  collection: string;
  response: ServerResponse;
}

/** As much of an API server as the harness uses: apply, read, list, watch, delete; kept in memory. */
export class FakeApi {
  readonly objects = new Map<string, KubeObject>();
  /** Requests by `METHOD path`, in order. */
  readonly requests: string[] = [];
  /** Refuses a write with this message. */
  refuse: (object: KubeObject) => string | undefined = () => undefined;
  /** Requests from now on that are to come again later. */
  busyFor = 0;
  /** Called after each write, as a controller would hear of it. */
  onWrite: (path: string, object: KubeObject) => void = () => undefined;
  readonly #watchers = new Set<Watcher>();
  readonly #events: { version: number; type: string; path: string; object: KubeObject }[] = [];
  readonly #server: Server;
  #version = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  /** @returns its URL */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    for (const { response } of this.#watchers) response.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  setStatus(path: string, status: unknown): void {
    const object = this.objects.get(path);
    if (object !== undefined) this.#store(path, { ...object, status });
  }

  /** Ends every watch, as an API server does after a while. */
  endWatches(): void {
    for (const { response } of this.#watchers) response.end();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const { pathname: path } = url;
    this.requests.push(`${request.method ?? ''} ${path}`);
    const text = await bodyOf(request);
    const send = (code: number, body: unknown): void => {
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const refused = (code: number, message: string): void =>
      send(code, { kind: 'Status', message, reason: 'Refused' });
    if (this.busyFor > 0) {
      this.busyFor -= 1;
      response.setHeader('retry-after', '0');
      refused(429, 'storage is (re)initializing');
      return;
    }
    const sent = text === '' ? undefined : (JSON.parse(text) as KubeObject);
    switch (request.method) {
      case 'PATCH':
      case 'PUT':
      case 'POST': {
        const message = sent === undefined ? 'no body' : this.refuse(sent);
        if (sent === undefined || message !== undefined) {
          refused(422, message ?? '');
          return;
        }
        const at = request.method === 'POST' ? `${path}/${sent.metadata?.name ?? ''}` : path;
        const written = this.#written(at, sent);
        if (url.searchParams.get('dryRun') !== 'All') this.#store(at, written);
        send(200, written);
        this.onWrite(at, written);
        return;
      }
      case 'DELETE':
        if (!this.objects.has(path)) {
          refused(404, `${path} not found`);
          return;
        }
        send(200, { kind: 'Status', status: 'Success' });
        this.#remove(path);
        return;
      default:
        this.#read(url, response, send, refused);
    }
  }

  #read(
    url: URL,
    response: ServerResponse,
    send: (code: number, body: unknown) => void,
    refused: (code: number, message: string) => void,
  ): void {
    const { pathname: path } = url;
    if (path === '/readyz') {
      send(200, { ok: true });
      return;
    }
    if (url.searchParams.get('watch') === 'true') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      const watcher = { collection: path, response };
      this.#watchers.add(watcher);
      const since = Number(url.searchParams.get('resourceVersion') ?? '0');
      for (const event of this.#events) if (event.version > since) sendTo(watcher, event);
      response.on('close', () => this.#watchers.delete(watcher));
      return;
    }
    const object = this.objects.get(path);
    if (object !== undefined) {
      send(200, object);
      return;
    }
    if (/\/[a-z]+s$|\/[a-z]*classes$/.test(path) && !/\/namespaces\/[^/]+$/.test(path)) {
      const inside = [...this.objects].filter(([at]) => isIn(path, at)).map(([, item]) => item);
      const items = inside.filter((item) => hasLabels(item, url.searchParams.get('labelSelector')));
      send(200, { items, metadata: { resourceVersion: String(this.#version) } });
      return;
    }
    refused(404, `${path} not found`);
  }

  #written(path: string, sent: KubeObject): KubeObject {
    const before = this.objects.get(path);
    const changed = JSON.stringify(before?.spec) !== JSON.stringify(sent.spec);
    const generation = (before?.metadata?.generation ?? 0) + (changed || before === undefined ? 1 : 0);
    const uid = before?.metadata?.uid ?? `uid-${String(this.#version + 1)}`;
    return {
      ...sent,
      metadata: Object.assign({}, sent.metadata, { uid, generation }),
      ...given({ status: before?.status }),
    };
  }

  #store(path: string, object: KubeObject): void {
    this.#version += 1;
    const stored = { ...object, metadata: versioned(object, this.#version) };
    const type = this.objects.has(path) ? 'MODIFIED' : 'ADDED';
    this.objects.set(path, stored);
    this.#tell(path, type, stored);
  }

  #remove(path: string): void {
    const object = this.objects.get(path);
    this.#version += 1;
    this.objects.delete(path);
    if (object !== undefined)
      this.#tell(path, 'DELETED', { ...object, metadata: versioned(object, this.#version) });
  }

  #tell(path: string, type: string, object: KubeObject): void {
    const event = { version: this.#version, type, path, object };
    this.#events.push(event);
    for (const watcher of this.#watchers) sendTo(watcher, event);
  }
}

/** @param selector - `name=value`, or `name` of a label that is there; several with commas */
function hasLabels({ metadata }: KubeObject, selector: string | null): boolean {
  const wanted = selector?.split(',').map((text) => text.split('=')) ?? [];
  return wanted.every(([name = '', value]) => {
    const found = metadata?.labels?.[name];
    return value === undefined ? found !== undefined : found === value;
  });
}

function versioned(object: KubeObject, version: number): NonNullable<KubeObject['metadata']> {
  return Object.assign({}, object.metadata, { resourceVersion: String(version) });
}

function sendTo(watcher: Watcher, event: { type: string; path: string; object: KubeObject }): void {
  const { type, path, object } = event;
  if (isIn(watcher.collection, path)) watcher.response.write(`${JSON.stringify({ type, object })}\n`);
}

/** Whether an object's path belongs to a collection, of one namespace or of all. */
function isIn(collection: string, path: string): boolean {
  const parent = path.slice(0, path.lastIndexOf('/'));
  return parent === collection || parent.replace(/\/namespaces\/[^/]+\//, '/') === collection;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
