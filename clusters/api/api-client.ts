import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';

/** How to reach one API server. */
export interface ApiAccess {
  host: string;
  port: number;
  ca: string;
  token: string;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** An answer of the API server that is not 2xx, with the reason of its Status object. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.reason = reason;
  }
}

/**
 * A small client for the node agent. @kubernetes/client-node costs 0.7 s of CPU and 130 MB to load, most of the time that a
 * whole cluster is allowed to take to start; the agent needs six verbs.
 */
export class ApiClient {
  readonly #access: ApiAccess;
  readonly #agent: Agent;

  constructor(access: ApiAccess) {
    this.#access = access;
    this.#agent = new Agent({ ca: access.ca, keepAlive: true, scheduling: 'lifo' });
  }

  get<T>(path: string): Promise<T> {
    return this.call('GET', path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.call('POST', path, body);
  }

  /** A JSON merge patch: objects are merged, lists are replaced, null deletes. */
  mergePatch<T>(path: string, body: unknown): Promise<T> {
    return this.call('PATCH', path, body);
  }

  delete<T>(path: string, body: unknown): Promise<T> {
    return this.call('DELETE', path, body);
  }

  /** @throws ApiError - any answer but 2xx; Error - the server could not be reached */
  async call<T>(method: Method, path: string, body?: unknown): Promise<T> {
    const response = await this.#send(method, path, body);
    const text = await readText(response);
    if (isOk(response)) return JSON.parse(text) as T;
    throw apiError(response, text, `${method} ${path}`);
  }

  /** Opens a stream of text (a watch, a log); the caller reads or destroys it. @throws as `call` */
  async stream(path: string, signal?: AbortSignal): Promise<IncomingMessage> {
    const response = await this.#send('GET', path, undefined, signal);
    if (isOk(response)) return response;
    throw apiError(response, await readText(response), `GET ${path}`);
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(method: Method, path: string, body: unknown, signal?: AbortSignal): Promise<IncomingMessage> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers: Record<string, string | number> = {
      authorization: `Bearer ${this.#access.token}`,
      accept: 'application/json',
    };
    if (payload !== undefined) {
      headers['content-type'] = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
      headers['content-length'] = Buffer.byteLength(payload);
    }
    const { host, port } = this.#access;
    const options = { host, port, method, path, headers, agent: this.#agent };
    return new Promise((resolve, reject) => {
      const sent = request(signal === undefined ? options : { ...options, signal }, resolve);
      sent.on('error', reject);
      sent.end(payload);
    });
  }
}

function isOk(response: IncomingMessage): boolean {
  const { statusCode = 0 } = response;
  return statusCode >= 200 && statusCode < 300;
}

async function readText(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

function apiError(response: IncomingMessage, text: string, what: string): ApiError {
  const { statusCode = 0 } = response;
  try {
    const status = JSON.parse(text) as { reason?: string; message?: string };
    return new ApiError(statusCode, status.reason ?? '', `${what}: ${status.message ?? text}`);
  } catch {
    return new ApiError(statusCode, '', `${what}: HTTP ${statusCode} ${text.slice(0, 200)}`);
  }
}

/** Runs `call`; an answer 404 becomes undefined. */
export async function orUndefined<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}
