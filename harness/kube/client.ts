import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import {
  Agent as HttpsAgent,
  request as httpsRequest,
  type AgentOptions,
  type RequestOptions,
} from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { given } from '../../common/given.ts';
import { accessFromKubeconfig, type ApiAccess } from './kubeconfig.ts';
import { ApiRefusal, isConflict, isNotFound } from './refusal.ts';
import { collectionPath, knownKind, type KindInfo } from './kinds.ts';
import { nameOf, type KubeObject } from './objects.ts';

/** Owner of every field the harness writes. */
export const fieldManager = 'routeproof-harness';

/** As often as client-go does. */
const timesToAsk = 10;
/** Between two of these, whatever the API server says: a run that is interrupted waits for it. */
const longestPauseMs = 2_000;

interface Send {
  query?: Record<string, string>;
  body?: unknown;
  /** Instead of `body`: sent as it is. */
  text?: string;
  contentType?: string;
  signal?: AbortSignal;
}

/**
 * The few API calls the harness makes, over plain JSON: server-side apply with strict field validation is not offered by
 * the typed clients, and objects must come back as they are.
 */
export class KubeClient {
  readonly #access: ApiAccess;
  readonly #agent: HttpAgent;
  readonly #streamAgent: HttpAgent;
  readonly #discovered = new Map<string, Promise<KindInfo[]>>();
  /** Told about every request that found no API server. */
  onUnreachable: (error: unknown) => void = () => undefined;
  /** Put on every object that is applied or created. */
  labels: Readonly<Record<string, string>> = {};

  constructor(access: ApiAccess) {
    this.#access = access;
    const tls = access.options as AgentOptions;
    const AgentOf = access.server.startsWith('https:') ? HttpsAgent : HttpAgent;
    // 16 sockets: enough to keep a local API server's two cores busy, few enough not to trip its priority limits.
    this.#agent = new AgentOf({ ...tls, keepAlive: true, maxSockets: 16 });
    this.#streamAgent = new AgentOf({ ...tls, keepAlive: true });
  }

  /** @throws RouteproofError API_UNREACHABLE - the kubeconfig cannot be read or has no current cluster */
  static async fromKubeconfig(path: string | undefined = process.env['KUBECONFIG']): Promise<KubeClient> {
    return new KubeClient(await accessFromKubeconfig(path));
  }

  /** How the server serves a kind; asks it when the kind is not a known one. */
  async kindInfo(kind: string, apiVersion?: string): Promise<KindInfo> {
    const info = knownKind(kind, apiVersion);
    if (info !== undefined) return this.#served(info);
    if (apiVersion === undefined) {
      throw new RouteproofError('INVALID_INPUT', `the kind ${kind} needs an apiVersion`, {
        hint: 'name the apiVersion beside the kind',
      });
    }
    const found = (await this.#discover(apiVersion)).find((candidate) => candidate.kind === kind);
    if (found !== undefined) return found;
    throw new ApiRefusal(404, `no matches for kind "${kind}" in version "${apiVersion}"`, 'NotFound');
  }

  /** In its older version, where that alone is served. */
  async #served(info: KindInfo): Promise<KindInfo> {
    const { kind, apiVersion, olderApiVersion, ...rest } = info;
    if (olderApiVersion === undefined) return info;
    const isServedIn = async (version: string): Promise<boolean> =>
      (await this.kindsOf(version)).some((each) => each.kind === kind);
    const isOld = !(await isServedIn(apiVersion)) && (await isServedIn(olderApiVersion));
    return { kind, apiVersion: isOld ? olderApiVersion : apiVersion, ...rest };
  }

  /** All kinds that the server serves in a group and version; none when it does not serve that. */
  kindsOf(apiVersion: string): Promise<KindInfo[]> {
    return this.#discover(apiVersion).catch((error: unknown) => {
      if (isNotFound(error)) return [];
      throw error;
    });
  }

  #discover(apiVersion: string): Promise<KindInfo[]> {
    let pending = this.#discovered.get(apiVersion);
    if (pending === undefined) {
      pending = this.#readResources(apiVersion);
      pending.catch(() => this.#discovered.delete(apiVersion));
      this.#discovered.set(apiVersion, pending);
    }
    return pending;
  }

  async #readResources(apiVersion: string): Promise<KindInfo[]> {
    const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const list = (await this.send('GET', path)) as {
      resources?: { name: string; kind: string; namespaced: boolean }[];
    };
    return (list.resources ?? [])
      .filter((resource) => !resource.name.includes('/'))
      .map((resource) => ({
        kind: resource.kind,
        apiVersion,
        plural: resource.name,
        namespaced: resource.namespaced,
      }));
  }

  /**
   * Server-side apply, forced, with strict field validation.
   *
   * @throws ApiRefusal - the API server said no
   */
  async apply<T extends KubeObject>(
    object: T,
    options: { dryRun?: boolean; signal?: AbortSignal } = {},
  ): Promise<T> {
    const path = await this.#pathOf(object);
    const query: Record<string, string> = { fieldManager, force: 'true', fieldValidation: 'Strict' };
    if (options.dryRun === true) query['dryRun'] = 'All';
    const body = await this.send('PATCH', path, {
      query,
      body: this.#labelled(object),
      contentType: 'application/apply-patch+yaml',
      ...given({ signal: options.signal }),
    });
    return body as T;
  }

  /** As `apply`, for a document whose YAML text need not be read here: the API server reads it faster. */
  async applyText(info: KindInfo, name: string, yaml: string): Promise<void> {
    const query = { fieldManager, force: 'true', fieldValidation: 'Strict' };
    const path = `${collectionPath(info)}/${encodeURIComponent(name)}`;
    await this.send('PATCH', path, { query, text: yaml, contentType: 'application/apply-patch+yaml' });
  }

  /** As `create`, for a document whose YAML text need not be read here. @throws ApiRefusal - also when it exists */
  async createText(info: KindInfo, yaml: string): Promise<void> {
    const query = { fieldManager, fieldValidation: 'Strict' };
    await this.send('POST', collectionPath(info), { query, text: yaml, contentType: 'application/yaml' });
  }

  /** Merges into the status of an object, through its subresource. @throws ApiRefusal - the API server said no */
  async mergeStatus(
    info: KindInfo,
    { namespace, name }: { namespace: string | undefined; name: string },
    status: object,
    options: { dryRun?: boolean } = {},
  ): Promise<void> {
    const query: Record<string, string> = { fieldManager, ...(options.dryRun === true && { dryRun: 'All' }) };
    const path = `${collectionPath(info, namespace)}/${encodeURIComponent(name)}/status`;
    const contentType = 'application/merge-patch+json';
    await this.send('PATCH', path, { query, body: { status }, contentType });
  }

  /** For what is known to be new: half the API server's work of `apply`. @throws ApiRefusal - the API server said no */
  async create<T extends KubeObject>(object: T): Promise<T> {
    const info = await this.kindInfo(object.kind ?? '', object.apiVersion);
    const query = { fieldManager, fieldValidation: 'Strict' };
    const path = collectionPath(info, object.metadata?.namespace);
    return (await this.send('POST', path, { query, body: this.#labelled(object) })) as T;
  }

  #labelled(object: KubeObject): KubeObject {
    if (Object.keys(this.labels).length === 0) return object;
    const metadata = { ...(object.metadata as object | undefined) };
    return { ...object, metadata: { ...metadata, labels: { ...object.metadata?.labels, ...this.labels } } };
  }

  async replace<T extends KubeObject>(object: T): Promise<T> {
    const query = { fieldManager, fieldValidation: 'Strict' };
    return (await this.send('PUT', await this.#pathOf(object), { query, body: object })) as T;
  }

  async get<T extends KubeObject>(info: KindInfo, namespace: string | undefined, name: string): Promise<T> {
    return (await this.send('GET', `${collectionPath(info, namespace)}/${encodeURIComponent(name)}`)) as T;
  }

  // The type parameter spares each caller a cast: what comes from the API is not checked here.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  async list<T extends KubeObject>(
    info: KindInfo,
    namespace?: string,
    query: Record<string, string> = {},
  ): Promise<{ items: T[]; resourceVersion: string }> {
    const list = (await this.send('GET', collectionPath(info, namespace), { query })) as {
      items?: T[];
      metadata?: { resourceVersion?: string };
    };
    const items = (list.items ?? []).map((item) => ({
      ...item,
      kind: info.kind,
      apiVersion: info.apiVersion,
    }));
    return { items, resourceVersion: list.metadata?.resourceVersion ?? '' };
  }

  /**
   * Background deletion; an object that is gone already is fine, and with `uid` so is another one in its place, which stays.
   *
   * @returns whether the API server said that it is gone, instead of waiting for finalizers
   */
  async delete(info: KindInfo, namespace: string | undefined, name: string, uid?: string): Promise<boolean> {
    const body = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy: 'Background',
      ...(uid === undefined ? {} : { preconditions: { uid } }),
    };
    try {
      const path = `${collectionPath(info, namespace)}/${encodeURIComponent(name)}`;
      const answer = (await this.send('DELETE', path, { body })) as KubeObject | undefined;
      return answer?.kind === 'Status';
    } catch (error) {
      // Also while it is being deleted, a Namespace for example.
      if (!isNotFound(error) && !(uid !== undefined && isConflict(error))) throw error;
      return isNotFound(error);
    }
  }

  /** Log lines of a container since a moment, oldest first. */
  async podLog(
    namespace: string,
    pod: string,
    container: string,
    sinceTime: Date,
    limitBytes: number,
  ): Promise<string> {
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
    const query = {
      container,
      sinceTime: sinceTime.toISOString(),
      timestamps: 'true',
      limitBytes: String(limitBytes),
    };
    const response = await this.#open('GET', path, { query }, this.#agent);
    return readText(response);
  }

  /** The end of a container's log, of the run before this one with `previous`. */
  async lastLogLines(
    namespace: string,
    pod: string,
    container: string,
    { previous, lines }: { previous: boolean; lines: number },
  ): Promise<string> {
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
    const query = { container, previous: String(previous), tailLines: String(lines) };
    return readText(await this.#open('GET', path, { query }, this.#agent));
  }

  /** A container's log from its beginning, and on until the container ends. */
  async followLog(namespace: string, pod: string, container: string): Promise<IncomingMessage> {
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
    return this.#open('GET', path, { query: { container, follow: 'true' } }, this.#streamAgent);
  }

  /** Opens a watch; the caller reads the response's lines. @throws ApiRefusal with status 410 when the version is too old */
  async watch(
    info: KindInfo,
    namespace: string | undefined,
    resourceVersion: string,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const query = { watch: 'true', allowWatchBookmarks: 'true', resourceVersion };
    return this.#open('GET', collectionPath(info, namespace), { query, signal }, this.#streamAgent);
  }

  /** Sends JSON, returns JSON. @throws ApiRefusal, RouteproofError API_UNREACHABLE */
  async send(method: string, path: string, send: Send = {}): Promise<unknown> {
    const response = await this.#open(method, path, send, this.#agent);
    const text = await readText(response);
    return text === '' || !/json/.test(response.headers['content-type'] ?? '')
      ? text
      : (JSON.parse(text) as unknown);
  }

  close(): void {
    this.#agent.destroy();
    this.#streamAgent.destroy();
  }

  async #pathOf(object: KubeObject): Promise<string> {
    const info = await this.kindInfo(object.kind ?? '', object.apiVersion);
    return `${collectionPath(info, object.metadata?.namespace)}/${encodeURIComponent(nameOf(object))}`;
  }

  async #open(method: string, path: string, send: Send, agent: HttpAgent): Promise<IncomingMessage> {
    const url = new URL(this.#access.server.replace(/\/$/, '') + path);
    for (const [key, value] of Object.entries(send.query ?? {})) url.searchParams.set(key, value);
    const body = send.body === undefined ? send.text : JSON.stringify(send.body);
    const headers: Record<string, string> = {
      accept: 'application/json',
      ...(this.#access.options.headers as Record<string, string> | undefined),
    };
    if (body !== undefined) {
      headers['content-type'] = send.contentType ?? 'application/json';
      headers['content-length'] = String(Buffer.byteLength(body));
    }
    const options: RequestOptions = { ...this.#access.options, method, headers, agent };
    if (send.signal !== undefined) options.signal = send.signal;
    for (let asked = 1; ; asked += 1) {
      const response = await this.#exchange(url, options, body);
      if ((response.statusCode ?? 0) < 300) return response;
      const laterMs = asked < timesToAsk ? askLaterMs(response) : undefined;
      if (laterMs === undefined) throw await refusalOf(response);
      response.resume();
      await delay(laterMs, undefined, send.signal === undefined ? {} : { signal: send.signal });
    }
  }

  #exchange(url: URL, options: RequestOptions, body: string | undefined): Promise<IncomingMessage> {
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const outgoing = request(url, options, resolve);
      outgoing.on('error', (cause) => {
        if (options.signal?.aborted === true) {
          reject(cause);
          return;
        }
        const unreachable = new RouteproofError('API_UNREACHABLE', 'the API server does not answer', {
          object: url.origin,
          seen: messageOf(cause),
          hint: 'see the control plane logs; `routeproof status` tells whether the cluster is up',
          cause,
        });
        this.onUnreachable(unreachable);
        reject(unreachable);
      });
      outgoing.end(body);
    });
  }
}

/** How long to wait before a request that was not looked at may come again: the API server has too many, or starts to serve the kind. */
function askLaterMs({ statusCode, headers }: IncomingMessage): number | undefined {
  const seconds = Number(headers['retry-after'] ?? NaN);
  return statusCode === 429 && seconds >= 0 ? Math.min(seconds * 1000, longestPauseMs) : undefined;
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function refusalOf(response: IncomingMessage): Promise<ApiRefusal> {
  const text = await readText(response);
  const status = response.statusCode ?? 0;
  try {
    const body = JSON.parse(text) as { message?: string; reason?: string };
    return new ApiRefusal(status, body.message ?? text, body.reason ?? '');
  } catch {
    return new ApiRefusal(status, text.trim(), '');
  }
}
